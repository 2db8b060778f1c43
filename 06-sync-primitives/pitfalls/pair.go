package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

//go:embed testdata
var programs embed.FS

// shelf has the programs: each is built once, for all who run it.
var shelf = program.NewShelf(programs)

// limit is the kill timer of a run. The longest takes a tenth of a second.
const limit = 20 * time.Second

// folder returns where a program of a pitfall lies: which is broken or cured.
func folder(pitfall, which string) string { return "testdata/" + pitfall + "/" + which }

// A pair is the two programs of a pitfall, built.
type pair struct{ broken, cured *program.Program }

func build(ctx context.Context, mode program.Mode, pitfall string) (p pair, err error) {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { p.broken, err = shelf.Get(ctx, mode, folder(pitfall, "broken")); return err })
	group.Go(func() (err error) { p.cured, err = shelf.Get(ctx, mode, folder(pitfall, "cured")); return err })
	return p, group.Wait()
}

// A demo shows how the two programs of a pitfall end.
type demo struct {
	pitfall string
	vet     bool   // whether to show what go vet says of them
	varies  string // what to leave out of the broken one's output: a regular expression
}

func (d demo) show(ctx context.Context, w io.Writer) error {
	p, err := build(ctx, program.Plain, d.pitfall)
	if missing, ok := errors.AsType[*program.CannotBuild](err); ok {
		fmt.Fprintln(w, "This cannot be shown here:", missing)
		return nil
	} else if err != nil {
		return err
	}
	for _, which := range []string{"broken", "cured"} {
		built, varies := p.broken, d.varies
		if which == "cured" {
			built, varies = p.cured, ""
		}
		ran, err := built.Run(ctx, limit)
		if err != nil {
			return err
		}
		if ran.TimedOut {
			fmt.Fprintf(w, "%s: killed after %v\n", which, limit)
			continue
		}
		output := ran.Output
		if varies != "" {
			output = regexp.MustCompile(varies).ReplaceAllString(output, "…")
		}
		report(w, which, ran.ExitCode, program.Telling(output))
		if d.vet {
			found, err := program.Vet(ctx, programs, folder(d.pitfall, which))
			if err != nil {
				return err
			}
			report(w, "go vet, "+which, found.ExitCode, program.Telling(found.Output))
		}
	}
	return nil
}

func report(w io.Writer, what string, status int, lines []string) {
	fmt.Fprintf(w, "%s: exit status %d\n", what, status)
	for _, line := range lines {
		fmt.Fprintln(w, "  "+line)
	}
}

// compare runs the two programs of a pitfall in turn, and has look see how they
// ended. Where they cannot be compared here, it returns why.
func compare(ctx context.Context, lab *notebook.Lab, mode program.Mode, pitfall string, look func(broken, cured program.Result)) (whyNot string, err error) {
	if mode == program.Race {
		lab.Progress("building with the race detector, which takes some seconds the first time")
	}
	p, err := build(ctx, mode, pitfall)
	if missing, ok := errors.AsType[*program.CannotBuild](err); ok {
		return missing.Error(), nil
	} else if err != nil {
		return "", err
	}
	for round := range lab.Rounds() {
		lab.Progress("running, round %d of %d", round+1, lab.Rounds())
		broken, err := p.broken.Run(ctx, limit)
		if err != nil {
			return "", err
		}
		cured, err := p.cured.Run(ctx, limit)
		if err != nil {
			return "", err
		}
		switch {
		case broken.TimedOut || cured.TimedOut:
			return fmt.Sprintf("a program did not end within %v", limit), nil
		case cured.ExitCode != 0:
			return "", fmt.Errorf("the cured program of %s ended with exit status %d: %s", pitfall, cured.ExitCode, cured.Output)
		}
		look(broken, cured)
	}
	return "", nil
}

// judge judges a claim by how often the broken program fails, and the cured one
// does. The evidence begins with what a failure is.
func judge(ctx context.Context, lab *notebook.Lab, claim string, mode program.Mode, pitfall, what string, fails func(program.Result) bool) error {
	verdict, err := count(ctx, lab, mode, pitfall, what, fails)
	if err == nil {
		lab.Judge(claim, notebook.Go, verdict)
	}
	return err
}

func count(ctx context.Context, lab *notebook.Lab, mode program.Mode, pitfall, what string, fails func(program.Result) bool) (measure.Verdict, error) {
	var rounds, broken, cured int
	whyNot, err := compare(ctx, lab, mode, pitfall, func(b, c program.Result) {
		rounds++
		if fails(b) {
			broken++
		}
		if fails(c) {
			cured++
		}
	})
	if whyNot != "" {
		return measure.Cannot("%s", whyNot), err
	}
	return measure.Fact(broken == rounds && cured == 0,
		"%s in %d of %d runs of the broken program, and in %d of %d of the cured one", what, broken, rounds, cured, rounds), err
}

// deadlocked tells whether the runtime ended a program in which everybody
// waited, somebody in the state given.
func deadlocked(state string) func(program.Result) bool {
	return func(r program.Result) bool {
		return r.ExitCode == 2 && strings.Contains(r.Output, "fatal error: all goroutines are asleep - deadlock!\n") &&
			strings.Contains(r.Output, " ["+state+"]:\n")
	}
}

// printed tells whether a program ended with an exit code after printing the
// line.
func printed(code int, line string) func(program.Result) bool {
	return func(r program.Result) bool {
		return r.ExitCode == code && strings.Contains("\n"+r.Output, "\n"+line+"\n")
	}
}
