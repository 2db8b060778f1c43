package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"concurrency-notebook/internal/measure"
)

const adviseHelp = `Advise which model a job needs, in Python and in Go, and how many workers.

usage: go run ./05-choosing advise -cpu D -wait D [flags]
       go run ./05-choosing advise [flags] -- COMMAND [ARGUMENT ...]

Say of one task how long it computes and how long it waits; or give a command
that does one task: it is run once, and measured.

  -cpu D          computing time of a task, as in 2ms
  -wait D         waiting time of a task, as in 80ms
  -connections N  tasks that are there at once (default 10)
  -isolate        a task that crashes must take nothing with it
  -cpus N         CPUs (default: those of this machine)
  -h              this help

For example:

  go run ./05-choosing advise -cpu 2ms -wait 80ms -connections 5000
  go run ./05-choosing advise -connections 50 -- curl -s https://go.dev
`

// advise is the command of that name. It returns its exit code: 2 where it was
// not understood.
func advise(args []string, stdout, stderr io.Writer) int {
	p, command, err := parseAdvise(args)
	var m measurement
	if err == nil && len(command) > 0 {
		m, err = measureCommand(command)
		p.CPU, p.Wait = m.cpu, max(m.wall-m.cpu, 0)
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, adviseHelp)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "advise: %v\n", err)
		return 2
	case m.stopped > 0:
		fmt.Fprintln(stderr, "advise: stopped, and the command with it")
		return m.stopped
	}
	if len(command) > 0 {
		m.print(stdout)
	}
	printAdvice(stdout, p, Choose(p))
	return 0
}

// parseAdvise reads the command line: a profile, or a part of one and the
// command that is to be measured for the rest.
func parseAdvise(args []string) (p Profile, command []string, err error) {
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
			if *d, err = time.ParseDuration(text); err != nil {
				return errors.New("give a number and its unit, as in 2ms")
			} else if *d < 0 {
				return errors.New("a time is not negative")
			}
			return nil
		})
	}
	count := func(name string, n *int) {
		flags.Func(name, "", func(text string) (err error) {
			if *n, err = strconv.Atoi(text); err != nil || *n < 1 {
				return errors.New("give a whole number, 1 or more")
			}
			return nil
		})
	}
	p.Connections, p.CPUs = 10, min(runtime.NumCPU(), runtime.GOMAXPROCS(0))
	duration("cpu", &p.CPU)
	duration("wait", &p.Wait)
	count("connections", &p.Connections)
	count("cpus", &p.CPUs)
	flags.BoolVar(&p.Isolate, "isolate", false, "")

	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return p, nil, err
	case err != nil && strings.Contains(err.Error(), "not defined"):
		return p, nil, fmt.Errorf("%w; the flags are -cpu, -wait, -connections, -isolate, -cpus and -h", err)
	case err != nil:
		return p, nil, err
	case flags.Arg(0) == "true" || flags.Arg(0) == "false":
		return p, nil, fmt.Errorf("write -isolate=%s, with an equals sign", flags.Arg(0))
	case flags.NArg() > 0:
		return p, nil, fmt.Errorf("%q is no flag; a command stands after --, as in: advise -- %s", flags.Arg(0), strings.Join(flags.Args(), " "))
	case isCommand && len(command) == 0:
		return p, nil, errors.New("there is no command after --")
	case isCommand && len(given) > 0:
		return p, nil, errors.New("a command is measured: give it, or -cpu and -wait, not both")
	case !isCommand && len(given) == 0:
		return p, nil, errors.New("say what a task takes, as in -cpu 2ms -wait 80ms, or give a command after --; -h tells more")
	case !isCommand && p.CPU == 0 && p.Wait == 0:
		return p, nil, errors.New("a task that neither computes nor waits needs no advice: give -cpu, -wait or both")
	}
	return p, command, nil
}

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
	// Ctrl-C is for the command: what it took until then is told all the same.
	// What ends this program otherwise ends the command, too.
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(ends)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stopped := make(chan int, 1)
	go func() {
		select {
		case s := <-ends:
			stopped <- 128 + int(s.(syscall.Signal))
			cancel()
		case <-ctx.Done():
			stopped <- 0
		}
	}()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr

	own := peakMemory()
	start := time.Now()
	err = cmd.Run()
	m.wall = time.Since(start)
	cancel()
	if m.stopped = <-stopped; m.stopped > 0 {
		return m, nil
	}
	if cmd.ProcessState == nil {
		if e, ok := errors.AsType[*exec.Error](err); ok {
			err = e.Err
		}
		return m, fmt.Errorf("cannot run %s: %w", command[0], err)
	}
	if err != nil {
		m.failed = err.Error()
	}
	m.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	m.memory, _ = peakMemoryOf(cmd.ProcessState)
	// A process begins as a part of the one that starts it, and the system
	// counts that too.
	m.bound = m.memory > 0 && m.memory <= own+own/4
	return m, nil
}

func (m measurement) print(w io.Writer) {
	fmt.Fprintln(w)
	if m.failed != "" {
		fmt.Fprintf(w, "The command failed: %s. So this may be no measure of the task; it took until then:\n", m.failed)
	}
	busy := ""
	if m.cpu > m.wall+m.wall/20 {
		busy = fmt.Sprintf(": it kept %s CPUs busy by itself", measure.Number(m.cpu.Seconds()/m.wall.Seconds()))
	}
	fmt.Fprintf(w, "%-12s %v%s\n", "computed", short(m.cpu), busy)
	fmt.Fprintf(w, "%-12s %v, the rest of its %v\n", "waited", short(max(m.wall-m.cpu, 0)), short(m.wall))
	switch mib := measure.Number(float64(m.memory) / (1 << 20)); {
	case m.memory == 0:
		fmt.Fprintf(w, "%-12s unknown: %s does not tell\n", "memory", runtime.GOOS)
	case m.bound:
		fmt.Fprintf(w, "%-12s less than %s MiB, too little to tell\n", "memory", mib)
	default:
		fmt.Fprintf(w, "%-12s %s MiB at the most\n", "memory", mib)
	}
	fmt.Fprintln(w)
}

func printAdvice(w io.Writer, p Profile, a Advice) {
	cpus, tasks := "CPUs", "tasks"
	if p.CPUs == 1 {
		cpus = "CPU"
	}
	if p.Connections == 1 {
		tasks = "task"
	}
	fmt.Fprintf(w, "%s %s at once on %d %s; one computes for %v and waits for %v\n\n",
		number(p.Connections), tasks, p.CPUs, cpus, short(p.CPU), short(p.Wait))
	fmt.Fprintf(w, "%-11s %s\n", "in Python", a.Python)
	fmt.Fprintf(w, "%-11s %s\n", "in Go", a.Go)
	fmt.Fprintf(w, "%-11s %s at once\n", "workers", number(a.Workers))
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
	fmt.Fprintln(w)
	list("why", a.Reasons)
	fmt.Fprintln(w)
	list("how many", strings.Split(a.Formula, "\n"))
	fmt.Fprintln(w)
	list("otherwise", a.Changes)
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
