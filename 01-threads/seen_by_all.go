package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

func seenByAll(_ context.Context, w io.Writer) error {
	// Cure one: an atomic. What was written before the Store is
	// seen after a Load that sees it.
	var order string
	var ready atomic.Bool
	go func() {
		order = "soup"
		ready.Store(true)
	}()
	for !ready.Load() {
	}
	fmt.Fprintln(w, "atomic: ", order)

	// Cure two: a channel. What was written before it is closed is
	// seen by who has received.
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		order = "cake"
		close(done)
	})
	<-done
	fmt.Fprintln(w, "channel:", order)
	wg.Wait()
	return nil
}

func findRaces(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("with a plain variable for a flag, the race detector finds two data races, on the flag and on the order; with an atomic one, none")
	verdict, err := watchFlags(ctx, lab)
	if err != nil {
		return err
	}
	lab.Judge("S5", notebook.Go, verdict)

	twin := lab.Twin(ctx, nil)
	seen, rounds := twin.Count("seen")
	if rounds == 0 {
		lab.Judge("S5", notebook.CPython, measure.Cannot("%s", twin.Estimate("seen").Missing))
		return nil
	}
	lab.Judge("S5", notebook.CPython, measure.Fact(seen == rounds,
		"in %d of %d rounds a thread saw what another had written before it set a plain flag", seen, rounds))
	return nil
}

// watchFlags runs the two programs under the race detector.
func watchFlags(ctx context.Context, lab *notebook.Lab) (measure.Verdict, error) {
	var races [2]int
	for i, name := range []string{"plainflag", "atomicflag"} {
		built, err := program.Build(ctx, program.Race, programs, "testdata/"+name)
		if missing, ok := errors.AsType[*program.CannotBuild](err); ok {
			return measure.Cannot("%v", missing), nil
		} else if err != nil {
			return measure.Verdict{}, err
		}
		defer built.Remove()
		ran, err := built.Run(ctx, 10*time.Second)
		if err != nil {
			return measure.Verdict{}, err
		}
		if ran.TimedOut {
			return measure.Cannot("the program with a %s did not end within 10 s, which may happen, too", name), nil
		}
		found := program.Races(ran.Output)
		for _, race := range found {
			lab.Remark("The race detector, on main.go of testdata/%s: %s", name, race)
		}
		races[i] = len(found)
	}
	if races[0] == 0 {
		return measure.Cannot("the race detector saw no race on a plain flag, which proves nothing"), nil
	}
	return measure.Fact(false, "the race detector reports %d data races on a plain flag and what it announces, and %d on an atomic one", races[0], races[1]), nil
}
