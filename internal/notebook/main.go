package notebook

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/fatih/color"

	"concurrency-notebook/internal/python"
)

const (
	rounds         = 9  // the second and the eighth of nine are a 96 % interval
	roundsRecorded = 25 // a narrower one, for the page
)

// tries is how often -record measures a section before it gives up, where other
// programs keep the machine busy.
const tries = 8

// grace is how long a section may take to stop after Ctrl-C.
const grace = 3 * time.Second

// Main runs the chapter as its command line asks, and exits: with 0, with 1
// where a section failed to run, with 2 where the command line is wrong, and
// with 128 and the signal's number where a signal ended it (130 for Ctrl-C).
func Main(chapter Chapter) {
	code := runCommand(chapter, os.Args[1:], color.Output, os.Stderr)
	if chapter.Close != nil {
		chapter.Close()
	}
	os.Exit(code)
}

// options are the command line.
type options struct {
	sections                            []Section
	list, json, record, noPython, plain bool
	pythons                             []string // the first is the one to compare with
}

func runCommand(chapter Chapter, args []string, stdout, stderr io.Writer) int {
	told := func(code int, err error) int {
		if err != nil {
			complain(stderr, chapter, err)
		}
		return code
	}
	o, err := parse(chapter, args)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		return told(2, err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	out := &outlet{Writer: stdout, failed: cancel}
	if err != nil || o.list {
		if err != nil {
			usage(chapter, out)
		} else {
			list(o.sections, out)
		}
		return told(ended(ctx))
	}

	// A reader that has gone (| head -1) is seen as a failed write, and ends the
	// run as quietly as it can clean up after itself.
	signals, broken := make(chan os.Signal, 2), make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	signal.Notify(broken, syscall.SIGPIPE)
	defer signal.Stop(signals)
	defer signal.Stop(broken)

	done := make(chan int, 1)
	go func() { done <- told(run(ctx, chapter, o, out, stderr)) }()
	select {
	case code := <-done:
		return code
	case s := <-signals:
		cancel(stoppedBy{s})
		late := time.After(grace)
		for {
			select {
			case <-done:
			case again := <-signals:
				if again != os.Interrupt {
					continue // timeout(1) sends two: only a second Ctrl-C does not wait
				}
			case <-late:
			}
			return stoppedBy{s}.code()
		}
	}
}

// complain says in one line why there is nothing to run, broken where the
// terminal ends.
func complain(stderr io.Writer, chapter Chapter, err error) {
	text := fmt.Sprintf("%s: %v", chapter.Name, err)
	if columns := terminalWidth(os.Stderr); columns > 0 && stderr == os.Stderr {
		text = strings.Join(wrap(text, columns), "\n")
	}
	fmt.Fprintln(stderr, text)
}

func parse(chapter Chapter, args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet(chapter.Name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&o.list, "list", false, "")
	flags.BoolVar(&o.json, "json", false, "")
	flags.BoolVar(&o.record, "record", false, "")
	flags.Func("python", "", func(path string) error {
		o.pythons = append(o.pythons, path)
		return nil
	})
	flags.BoolVar(&o.noPython, "no-python", false, "")
	flags.BoolVar(&o.plain, "no-color", false, "")

	var names []string
	for { // flags may stand before, between and after the sections
		if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
			return o, err
		} else if err != nil {
			return o, fmt.Errorf("%w; the flags are -list, -json, -record, -python PATH, -no-python, -no-color and -h", err)
		}
		if flags.NArg() == 0 {
			break
		}
		names, args = append(names, flags.Arg(0)), flags.Args()[1:]
	}
	if o.record && len(names) > 0 {
		return o, errors.New("-record records the whole chapter: give it no section")
	}
	if len(names) == 0 {
		o.sections = chapter.Sections
		return o, nil
	}
	for _, name := range names {
		section, ok := chapter.Section(name)
		if !ok {
			var all []string
			for _, s := range chapter.Sections {
				all = append(all, s.Name)
			}
			return o, fmt.Errorf("there is no section %q; there are %s", name, strings.Join(all, ", "))
		}
		o.sections = append(o.sections, section)
	}
	return o, nil
}

// Section returns the section of that name, and whether there is one.
func (c Chapter) Section(name string) (Section, bool) {
	for _, s := range c.Sections {
		if s.Name == name {
			return s, true
		}
	}
	return Section{}, false
}

func usage(chapter Chapter, w io.Writer) {
	p := &page{w: w, width: 80}
	p.paint(false)
	p.text("", "", chapter.Answer, nil)
	fmt.Fprintf(w, `
usage: %s [flags] [section ...]

Each section shows its idea, predicts, measures it on this machine, and judges
what the notes say of it. Without a section, the whole chapter runs:

`, chapter.command())
	for _, s := range chapter.Sections {
		fmt.Fprintf(w, "  %-*s  %s\n", longestName(chapter.Sections), s.Name, s.Title)
	}
	if chapter.Usage != "" {
		fmt.Fprintf(w, "\n%s\n", chapter.Usage)
	}
	fmt.Fprint(w, `
flags:

  -list         name each section and the claims that it judges
  -json         one JSON object a section, for programs
  -record       measure 25 rounds instead of 9, and rewrite recorded.json
                and the pictures
  -python PATH  the Python to compare with (default: python3); others may follow,
                for sections that compare several
  -no-python    do not compare with Python
  -no-color     no colours, as with NO_COLOR in the environment
  -h            this help
`)
}

func longestName(sections []Section) int {
	longest := 0
	for _, s := range sections {
		longest = max(longest, len(s.Name))
	}
	return longest
}

func list(sections []Section, w io.Writer) {
	p := newPage(w, options{plain: true})
	if terminalWidth(os.Stdout) == 0 {
		p.width = math.MaxInt // a line each, for grep
	}
	for _, s := range sections {
		name := s.Name
		for _, no := range s.Claims {
			claim, _ := ClaimByNo(no)
			first := fmt.Sprintf("%-*s  %-4s ", longestName(sections), name, no)
			p.text(first, strings.Repeat(" ", len(first)), claim.quoted(), nil)
			name = ""
		}
		if len(s.Claims) == 0 {
			p.println(name)
		}
	}
}

// claims returns the section's claims in one line.
func (s Section) claims() string {
	var quoted []string
	for _, no := range s.Claims {
		claim, _ := ClaimByNo(no)
		quoted = append(quoted, no+" "+claim.quoted())
	}
	return strings.Join(quoted, " ")
}

// run runs the sections and returns the exit code, and what there is to complain
// of.
func run(ctx context.Context, chapter Chapter, o options, out, stderr io.Writer) (int, error) {
	lab := Lab{chapter: &chapter, rounds: rounds, page: newPage(out, o)}
	if o.json {
		lab.page = newPage(io.Discard, options{plain: true})
	}
	lab.page.opening(chapter)
	lab.page.progress("looking for a Python to compare with")
	var err error
	lab.python, err = findPython(ctx, chapter, o)
	lab.page.clear()
	switch {
	case ctx.Err() != nil:
		return ended(ctx)
	case err != nil && len(o.pythons) > 0:
		return 2, err
	case err != nil && o.record:
		return 1, fmt.Errorf("nothing is recorded without Python: %w; to record Go alone, add -no-python", err)
	}
	folder := ""
	if o.record {
		lab.rounds, lab.tries = roundsRecorded, tries
		if folder, err = folderToRecordIn(chapter.Name); err != nil {
			return 1, err
		}
	}
	machine := Machine{
		Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH,
		CPUs: runtime.NumCPU(), GOMAXPROCS: runtime.GOMAXPROCS(0),
	}
	if chapter.hasTwin() {
		machine.Python = lab.python.String()
	}
	lab.page.machine(machine)

	started, failed := time.Now(), 0
	var results []Result
	for i := range o.sections {
		lab := lab
		lab.section = &o.sections[i]
		err := runSection(ctx, &lab)
		if ctx.Err() != nil {
			lab.page.clear()
			return ended(ctx)
		}
		if err != nil {
			failed++
			lab.result.Error = err.Error()
		}
		lab.page.findings(lab.result)
		if o.json {
			if err := writeJSON(out, &lab, machine); err != nil {
				failed++
				complain(stderr, chapter, fmt.Errorf("section %s: %w", lab.section.Name, err))
			}
		}
		if lab.section.Experiment != nil {
			results = append(results, lab.result)
		}
	}
	lab.page.closing(chapter, len(o.sections), results, failed, time.Since(started))
	switch {
	case ctx.Err() != nil:
		return ended(ctx)
	case failed > 0 && o.record:
		return 1, errors.New("nothing was recorded: a section failed")
	case failed > 0:
		return 1, nil
	case o.record:
		recorded := Record{Chapter: chapter.Name, Date: time.Now().Format(time.DateOnly), Machine: machine, Sections: results}
		if err := recorded.replace(folder); err != nil {
			return 1, err
		}
		fmt.Fprintf(stderr, "%s/%s is rewritten; put its figures on the page with: go tool weave\n", chapter.Name, recordFile)
	}
	return 0, nil
}

// ReaderGone tells whether a write failed because nobody reads any more, as
// after | head -1: that is no failure.
func ReaderGone(err error) bool {
	return slices.ContainsFunc(readerGone, func(gone error) bool { return errors.Is(err, gone) })
}

// stoppedBy is the cause of a run's end by a signal.
type stoppedBy struct{ os.Signal }

func (s stoppedBy) Error() string { return "stopped: " + s.String() }

func (s stoppedBy) code() int { return 128 + int(s.Signal.(syscall.Signal)) }

// ended returns the exit code of a run that has ended or was broken off: 0 where
// the reader has gone, which is no failure.
func ended(ctx context.Context) (int, error) {
	cause := context.Cause(ctx)
	if s, ok := errors.AsType[stoppedBy](cause); ok {
		return s.code(), nil
	}
	if cause == nil || ReaderGone(cause) {
		return 0, nil
	}
	return 1, cause
}

// findPython returns the interpreter to compare with, or why there is none. The
// error is that of looking for one.
func findPython(ctx context.Context, chapter Chapter, o options) (interpreter, error) {
	if o.noPython {
		return interpreter{missing: "Python was left out (-no-python)"}, nil
	}
	none := interpreter{missing: "this chapter has no Python twin"}
	if !chapter.hasTwin() && len(o.pythons) == 0 {
		return none, nil
	}
	if len(o.pythons) == 0 {
		found, err := python.Find(ctx, "")
		if err != nil {
			return interpreter{missing: err.Error()}, err
		}
		return interpreter{Interpreter: found}, nil
	}
	var found []*python.Interpreter
	for _, path := range o.pythons {
		i, err := python.Find(ctx, path)
		if err != nil {
			return none, fmt.Errorf("-python %s: %w", path, err)
		}
		found = append(found, i)
	}
	if !chapter.hasTwin() {
		return none, nil
	}
	return interpreter{Interpreter: found[0], others: found[1:], given: true}, nil
}

// String names the interpreter, or says why there is none.
func (i interpreter) String() string {
	if i.missing != "" {
		return i.missing
	}
	return i.Interpreter.String()
}

// runSection shows the section and makes its experiment. A panic in it is an
// error like any other: the sections after it still run.
func runSection(ctx context.Context, lab *Lab) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	lab.begin()
	lab.page.section(*lab.section)
	if lab.section.Demo != nil {
		if err := lab.section.Demo(withPython(ctx, lab.python), lab.page.demo()); err != nil {
			return fmt.Errorf("demo of %s: %w", lab.section.Name, err)
		}
	}
	if lab.section.Experiment == nil {
		return nil
	}
	for n := 1; ; n++ {
		err := lab.run(ctx)
		if lab.result.disturbed == "" || n >= lab.tries || ctx.Err() != nil {
			return err
		}
		lab.page.clear()
		lab.page.text(margin, margin, "Once more: other programs kept the machine busy.", lab.page.faint)
		lab.awaitQuiet(ctx)
	}
}

// writeJSON writes the section's result as one line.
func writeJSON(w io.Writer, lab *Lab, machine Machine) error {
	line := struct {
		Chapter  string `json:"chapter"`
		Section  string `json:"section"`
		Claim    string `json:"claim"`
		Answer   string `json:"answer"`
		Verdict  string `json:"verdict"`
		Evidence string `json:"evidence"`
		Result
		Machine Machine `json:"machine"`
	}{Chapter: lab.chapter.Name, Section: lab.section.Name, Claim: lab.section.claims(), Result: lab.result, Machine: machine}
	line.Answer = strings.Join(lab.result.Said(), " ")
	line.Verdict, line.Evidence = lab.result.summary()
	text, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("writing its result as JSON: %w", err)
	}
	_, _ = w.Write(append(text, '\n')) // the outlet remembers that it failed
	return nil
}

// folderToRecordIn finds the chapter's sources: below a folder with a go.mod,
// upward from the working directory. (The nearest one may be that of a room, which
// is a module of its own.) It sees that they can be written: better now than when
// all has been measured.
func folderToRecordIn(name string) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(dir, filepath.FromSlash(name))
	for !fileIn(dir, "go.mod") || !fileIn(folder, "main.go") {
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("finding the folder to record in: there is no %s/main.go here; run it inside the notebook's checkout", name)
		}
		dir, folder = up, filepath.Join(up, filepath.FromSlash(name))
	}
	probe, err := os.CreateTemp(folder, recordFile+"-")
	if err != nil {
		return "", fmt.Errorf("nothing can be recorded here: %w", err)
	}
	return folder, errors.Join(probe.Close(), os.Remove(probe.Name()))
}

func fileIn(folder, name string) bool {
	_, err := os.Stat(filepath.Join(folder, name))
	return err == nil
}

// An outlet remembers that its reader has gone, and ends the run.
type outlet struct {
	io.Writer
	failed context.CancelCauseFunc
}

func (o *outlet) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if err != nil {
		o.failed(err)
	}
	return n, err
}
