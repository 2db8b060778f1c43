package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

const adviseHelp = `Advise which model a job needs, in Python and in Go, and how many workers.

usage: go run ./05-choosing advise -cpu D -wait D [flags]
       go run ./05-choosing advise [flags] -call FILE.py:FUNCTION
       go run ./05-choosing advise [flags] -- COMMAND [ARGUMENT ...]

Say of one task how long it computes and how long it waits. Or let that be
measured: of a function of Python's, or of a command, which is run once.

Careful: the function is called up to 1,000 times, up to 40 at once, in threads
(if it's a coroutine: in one loop), with all its side effects: don't let it send
mail, or change what you need. It's called without arguments; wrap one that has
some, in a file beside it, say call_resize.py:

  from resize import resize
  def resize_one(): resize("photo.jpg", 800)

  -cpu D          computing time of a task, as in 2ms
  -wait D         waiting time of a task, as in 80ms
  -tasks N        tasks that can queue: how many of them run at once is yours
                  to choose (default 1000)
  -connections N  tasks that are there at once, like the clients of a server
  -native         the computing releases the GIL, as hashing, compression
                  and NumPy do (or your Python has none)
  -call F.py:NAME measure this function, by calling it (see above)
  -isolate        a task that crashes must take nothing with it
  -cpus N         CPUs (default: those of this machine)
  -h              this help

For example:

  go run ./05-choosing advise -cpu 2ms -wait 80ms -connections 5000
  go run ./05-choosing advise -tasks 50 -call call_resize.py:resize_one
  go run ./05-choosing advise -tasks 50 -- curl -s https://go.dev
`

// advise is the command of that name. It returns its exit code: 2 where it was
// not understood, 1 where the command that it was to measure failed or the advice
// could not be written.
func advise(args []string, stdout, stderr io.Writer) int {
	// A reader that has gone (| head -1) shows as a failed write, and is no failure.
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	defer signal.Stop(broken)

	out := bufio.NewWriter(stdout) // which remembers the first error
	code := writeAdvice(args, out, stderr)
	if err := out.Flush(); err != nil && !notebook.ReaderGone(err) {
		fmt.Fprintf(stderr, "advise: the advice cannot be written, see where the output goes: %v\n", err)
		return 1
	}
	return code
}

func writeAdvice(args []string, stdout, stderr io.Writer) int {
	p, function, command, err := parseAdvise(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, adviseHelp)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "advise: %v\n", err)
		return 2
	}
	if function != "" {
		c, err := measureCall(function, stderr)
		if err != nil {
			fmt.Fprintf(stderr, "advise: %v\n", err)
			return 1
		}
		c.print(stdout, p.CPUs)
		a := Choose(c.of(p))
		if a.Uncertain = c.uncertain(p); a.Uncertain != "" {
			a.Reasons = append([]string{"all of this is for " + a.inPython()}, a.Reasons...)
		}
		printAdvice(stdout, c.of(p), a)
		return 0
	}
	if p.Command {
		m, err := measureCommand(command)
		switch {
		case err != nil:
			fmt.Fprintf(stderr, "advise: %v\n", err)
			return 2
		case m.stopped > 0:
			fmt.Fprintln(stderr, "advise: stopped, and the command was told")
			return m.stopped
		case m.failed != "":
			fmt.Fprintf(stderr, "advise: the command failed (%s), so what it took is no measure of the task\n", m.failed)
			return 1
		}
		on := m.of(p)
		m.print(stdout, p.CPUs, Choose(on).Workers)
		p = on
	}
	printAdvice(stdout, p, Choose(p))
	return 0
}

// parseAdvise reads the command line: a profile, or a part of one and the
// function or the command that is to be measured for the rest.
func parseAdvise(args []string) (p Profile, function string, command []string, err error) {
	isCommand := false
	if i := slices.Index(args, "--"); i >= 0 {
		args, command, isCommand = args[:i], args[i+1:], true
	}
	flags := flag.NewFlagSet("advise", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	given := make(map[string]bool)
	duration := func(name string, d *time.Duration) {
		flags.Func(name, "", func(text string) (err error) {
			given[name] = true
			switch *d, err = time.ParseDuration(text); {
			case err != nil && hours.MatchString(text), *d > longest:
				return fmt.Errorf("give a time up to %v", longest)
			case err != nil:
				return errors.New("give a number and its unit, as in 2ms")
			case *d < 0:
				return errors.New("a time is not negative")
			}
			return nil
		})
	}
	count := func(name string, n *int) {
		flags.Func(name, "", func(text string) (err error) {
			*n, err = strconv.Atoi(text)
			if errors.Is(err, strconv.ErrRange) && !strings.HasPrefix(text, "-") || *n > most {
				return fmt.Errorf("give a number up to %s", number(most))
			} else if err != nil || *n < 1 {
				return errors.New("give a whole number, 1 or more")
			}
			return nil
		})
	}
	var connections int
	p.CPUs = measure.UsableCPUs()
	duration("cpu", &p.CPU)
	duration("wait", &p.Wait)
	count("tasks", &p.Tasks)
	count("connections", &connections)
	count("cpus", &p.CPUs)
	flags.BoolVar(&p.Isolate, "isolate", false, "")
	native := flags.Bool("native", false, "")
	flags.StringVar(&function, "call", "", "")

	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return p, "", nil, err
	case err != nil && strings.Contains(err.Error(), "not defined"):
		return p, "", nil, fmt.Errorf("%w; the flags are -cpu, -wait, -tasks, -connections, -native, -call, -isolate, -cpus and -h", err)
	case err != nil:
		return p, "", nil, err
	case flags.Arg(0) == "true" || flags.Arg(0) == "false":
		return p, "", nil, fmt.Errorf("write -isolate=%[1]s or -native=%[1]s, with an equals sign", flags.Arg(0))
	case flags.NArg() > 0:
		return p, "", nil, fmt.Errorf("%q is no flag; a command stands after --, as in: advise -- %s", flags.Arg(0), strings.Join(flags.Args(), " "))
	case isCommand && (len(command) == 0 || command[0] == ""):
		return p, "", nil, errors.New("there is no command after --")
	case function != "" && (isCommand || len(given) > 0):
		return p, "", nil, errors.New("a function is measured: give it, or -cpu and -wait, or a command")
	case isCommand && *native:
		return p, "", nil, errors.New("a command is a process of its own: -native says nothing of it")
	case isCommand && len(given) > 0:
		return p, "", nil, errors.New("a command is measured: give it, or -cpu and -wait, not both")
	case !isCommand && function == "" && len(given) == 0:
		return p, "", nil, errors.New("say what a task takes, as in -cpu 2ms -wait 80ms, or give a command after --; -h tells more")
	case !isCommand && function == "" && p.CPU == 0 && p.Wait == 0:
		return p, "", nil, errors.New("a task that neither computes nor waits needs no advice: give -cpu, -wait or both")
	}
	if p.Tasks > 0 && connections > 0 {
		return p, "", nil, errors.New("-tasks can queue, and -connections are there at once: give one of them")
	}
	p.Open, p.Command = connections > 0, isCommand
	p.Tasks = cmp.Or(p.Tasks, connections, 1000)
	if *native {
		p.Released = 1
	}
	return p, function, command, nil
}

// hours matches a time, however long.
var hours = regexp.MustCompile(`^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$`)

// A measurement is what one run of a command took.
type measurement struct {
	cpu, wall time.Duration
	memory    int    // bytes at the most, of the largest of its processes; 0 where the system does not tell
	bound     bool   // it may have been less: what this program itself has
	failed    string // how it ended, if not well
	stopped   int    // the exit code, where a signal to this program ended it
}

// measureCommand runs the command, with this program's input and output.
func measureCommand(command []string) (m measurement, err error) {
	// After Ctrl-C, what the command took until then is told all the same, if it
	// ends well. A terminal tells the command itself; everything else is passed
	// on, to all that it has started.
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(ends)
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)

	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.WaitDelay = patience
	cmd.Cancel = func() error {
		var by stoppedBy
		errors.As(context.Cause(ctx), &by)
		return signalAll(cmd, by.Signal)
	}
	ownGroup(cmd)
	var passing sync.WaitGroup
	passing.Go(func() {
		for {
			select {
			case s := <-interrupts:
				if !onTerminal() {
					_ = signalAll(cmd, s) // it may have ended
				}
			case s := <-ends:
				cancel(stoppedBy{s})
			case <-ctx.Done():
				return
			}
		}
	})
	own := peakMemory()
	start := time.Now()
	err = cmd.Run()
	m.wall = time.Since(start)
	cancel(nil)
	passing.Wait()
	var by stoppedBy
	switch {
	case errors.As(context.Cause(ctx), &by):
		m.stopped = 128 + int(by.Signal.(syscall.Signal))
		return m, nil
	case cmd.ProcessState == nil:
		if e, ok := errors.AsType[*exec.Error](err); ok {
			err = e.Err
		}
		return m, fmt.Errorf("cannot run %s: %w", command[0], err)
	case err != nil:
		m.failed = err.Error()
	}
	m.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	m.memory, _ = peakMemoryOf(cmd.ProcessState)
	// A process begins as a part of the one that starts it, and the system
	// counts that too.
	m.bound = m.memory > 0 && m.memory <= own+own/4
	return m, nil
}

// patience is how long a command may take to end when it is told to.
const patience = 5 * time.Second

// stoppedBy is a signal that ended this program while the command ran.
type stoppedBy struct{ os.Signal }

func (s stoppedBy) Error() string { return s.String() }

// spread returns how many CPUs the command kept busy by itself, or 1 if it was
// not clearly more.
func (m measurement) spread() float64 {
	if m.cpu <= m.wall+m.wall/20 {
		return 1
	}
	return m.cpu.Seconds() / m.wall.Seconds()
}

// of returns the profile with what was measured. The CPUs that a command keeps
// busy by itself count as one.
func (m measurement) of(p Profile) Profile {
	p.CPU, p.Wait = min(m.cpu, m.wall), max(m.wall-m.cpu, 0)
	p.CPUs = max(1, int(math.Round(float64(p.CPUs)/m.spread())))
	return p
}

// print prints it, for who has so many CPUs and lets so many run at once.
func (m measurement) print(w io.Writer, cpus, workers int) {
	fmt.Fprintln(w)
	busy := ""
	if m.spread() > 1 {
		busy = fmt.Sprintf(" in %v: it keeps %s CPUs busy by itself, so %d count as %d here", short(m.wall), measure.Number(m.spread()), cpus, m.of(Profile{CPUs: cpus}).CPUs)
	}
	fmt.Fprintf(w, "%-12s %v, with what it took to start%s\n", "computed", short(m.cpu), busy)
	fmt.Fprintf(w, "%-12s %v, the rest of its %v\n", "waited", short(max(m.wall-m.cpu, 0)), short(m.wall))
	const mib = 1 << 20
	switch one := measure.Number(float64(m.memory) / mib); {
	case m.memory == 0:
		fmt.Fprintf(w, "%-12s unknown: %s does not tell\n", "memory", runtime.GOOS)
	case m.bound:
		fmt.Fprintf(w, "%-12s less than %s MiB, too little to tell\n", "memory", one)
	default:
		fmt.Fprintf(w, "%-12s %s MiB, of its largest process; %s at once take %s MiB or more\n", "memory", one, number(workers), measure.Number(float64(workers)*float64(m.memory)/mib))
	}
	fmt.Fprintln(w)
}

func printAdvice(w io.Writer, p Profile, a Advice) {
	plural := func(n int, one string) string {
		if n == 1 {
			return "1 " + one
		}
		return number(n) + " " + one + "s"
	}
	what := plural(p.Tasks, "task") + ", which can queue,"
	how, many := "workers", number(a.Workers)+" at once"
	switch {
	case p.Tasks == 1:
		what = "1 task"
	case p.Open:
		what = plural(p.Tasks, "connection") + ", all open,"
		how, many = "busy", fmt.Sprintf("%s of %s", measure.Number(p.busy()), plural(p.CPUs, "CPU"))
	}
	if !p.Open && a.Workers > fewThreads {
		many = "up to " + many
	}
	python := a.inPython()
	switch {
	case a.Uncertain != "":
		python = "uncertain: " + a.Uncertain
	case a.AsGood != "":
		python += ", or " + a.AsGood + ": it's a close call"
	}
	given := fmt.Sprintf("%s on %s; a task computes for %v and waits for %v", what, plural(p.CPUs, "CPU"), short(p.CPU), short(p.Wait))
	fmt.Fprintf(w, "%s\n\n", strings.Join(fold(given, 78), "\n"))
	fmt.Fprintf(w, "%-11s %s\n", "in Python", python)
	fmt.Fprintf(w, "%-11s %s\n", "in Go", a.Go)
	fmt.Fprintf(w, "%-11s %s\n", how, many)
	list := func(head string, lines []string) {
		for _, line := range lines {
			for i, part := range fold(line, 66) {
				if i > 0 {
					part = "  " + part
				}
				fmt.Fprintf(w, "%-11s %s\n", head, part)
				head = ""
			}
		}
	}
	if a.Build != "" && a.Uncertain == "" {
		list("build it", []string{a.Build})
	}
	fmt.Fprintln(w)
	list("why", a.Reasons)
	fmt.Fprintln(w)
	list("otherwise", a.Changes)
	fmt.Fprintln(w)
	list("numbers", a.Formula)
}

// fold breaks a line at its spaces.
func fold(text string, width int) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
