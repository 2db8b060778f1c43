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

	// Cure two, and the usual one: a channel. Nobody spins.
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

func findRace(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("with a plain variable for a flag, the race detector finds two data races, the flag's and the order's; with an atomic one, none")
	plain, err := program.Build(ctx, program.Race, programs, "testdata/plainflag")
	if missing, ok := errors.AsType[*program.CannotBuild](err); ok {
		lab.Judge("S5", notebook.Go, measure.Cannot("%v", missing))
	} else if err != nil {
		return err
	} else {
		defer plain.Remove()
		ran, err := plain.Run(ctx, 10*time.Second)
		if err != nil {
			return err
		}
		report := program.Races(ran.Output)
		for _, race := range report {
			lab.Remark("The race detector: %s", race)
		}
		lab.Judge("S5", notebook.Go, measure.Fact(len(report) == 0,
			"the race detector reports %d data races on a plain flag and what it announces, and ends the program with status %d: Go promises nothing about them", len(report), ran.ExitCode))
	}

	twin := lab.Twin(ctx, nil)
	seen := twin.Estimate("seen")
	if seen.N == 0 {
		lab.Judge("S5", notebook.CPython, measure.Cannot("%s", seen.Missing))
		return nil
	}
	lab.Judge("S5", notebook.CPython, measure.Fact(seen.Low == 1, "in %d of %d rounds a thread saw what another had written before it set a plain flag", seen.N, seen.N))
	return nil
}
