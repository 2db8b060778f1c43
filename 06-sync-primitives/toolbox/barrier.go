package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
	"concurrency-notebook/internal/workload"
)

var errCold = errors.New("the soup gets cold")

func barrier(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(ctx context.Context) error {
		// part: rounds
		start := time.Now()
		course := 0
		// The last to arrive calls the action, before any of them
		// goes on.
		table := primitive.NewBarrier(3, func() {
			course++
			fmt.Fprintf(w, "course %d after %v\n", course, time.Since(start))
		})
		var arrived [3]int // each cook's place in the last round
		var cooks sync.WaitGroup
		for i := range 3 {
			cooks.Go(func() {
				for range 2 {
					time.Sleep(time.Duration(3-i) * time.Minute) // cooking
					arrived[i], _ = table.Wait(ctx)
				}
			})
		}
		cooks.Wait()
		fmt.Fprintln(w, "their places:", arrived)

		// part: broken
		// Two arrive, and the first loses patience before the third
		// comes.
		var second error
		cooks.Go(func() { _, second = table.Wait(ctx) })
		patience, cancel := context.WithTimeoutCause(ctx, time.Minute, errCold)
		defer cancel()
		_, first := table.Wait(patience)
		cooks.Wait()
		_, third := table.Wait(ctx)
		fmt.Fprintln(w, "first: ", first)
		fmt.Fprintln(w, "second:", second)
		fmt.Fprintln(w, "third: ", third)
		// part: end
		return nil
	})
}

func compareRounds(ctx context.Context, lab *notebook.Lab) error {
	const parties = 4
	const fast, slow = time.Millisecond, 20 * time.Millisecond
	const together = float64(parties*slow) / float64(slow+(parties-1)*fast)
	lab.Predict("%d parties, each slow in another one of %d rounds: with a barrier every round takes as long as the slow one, %d x %v against %v + %d x %v, %.1f times as long",
		parties, parties, parties, slow, slow, parties-1, fast, together)

	quick, err := workload.Serve(fast)
	if err != nil {
		return err
	}
	defer quick.Close()
	lazy, err := workload.Serve(slow)
	if err != nil {
		return err
	}
	defer lazy.Close()
	cook := func(wait func(context.Context) error) func(context.Context) error {
		return func(ctx context.Context) error {
			group, ctx := errgroup.WithContext(ctx)
			for party := range parties {
				group.Go(func() error {
					for round := range parties {
						site := quick
						if round == party {
							site = lazy
						}
						if err := errors.Join(site.Fetch(ctx), wait(ctx)); err != nil {
							return err
						}
					}
					return nil
				})
			}
			return group.Wait()
		}
	}
	table := primitive.NewBarrier(parties, nil)
	var broken measure.Samples
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "together", Run: cook(func(ctx context.Context) error { _, err := table.Wait(ctx); return err })},
		measure.Variant{Name: "alone", Run: cook(func(context.Context) error { return nil })},
		measure.Variant{Name: "impatient", Run: func(ctx context.Context) error {
			broken.Add("not told", float64(parties-breakBarrier(ctx, parties)))
			return nil
		}})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"quick": quick.URL, "lazy": lazy.URL, "parties": parties})

	judge := func(of notebook.Subject, samples, broken measure.Samples) {
		ratio := samples.Ratio("together", "alone")
		lab.Show(string(of)+", with a barrier", "x without one", ratio, together)
		lab.Judge("6.22", of, ratio.Decide("with a barrier / without", together, 1))
		lab.Judge("6.23", of, inEvery(broken, "not told",
			"one of %d lost patience, one came too late, and all %d were told that the barrier is broken,", parties, parties))
	}
	judge(notebook.CPython, twin, twin)
	judge(notebook.Go, went, broken)
	return nil
}

// breakBarrier lets one lose patience at a barrier where others wait and one
// comes too late, and returns how many are told that it is broken.
func breakBarrier(ctx context.Context, parties int) int {
	table := primitive.NewBarrier(parties, nil)
	var told atomic.Int64
	wait := func(ctx context.Context) {
		if _, err := table.Wait(ctx); errors.Is(err, primitive.ErrBroken) {
			told.Add(1)
		}
	}
	patience, cancel := context.WithTimeoutCause(ctx, 2*time.Millisecond, errCold)
	defer cancel()
	var all sync.WaitGroup
	for range parties - 2 {
		all.Go(func() { wait(ctx) })
	}
	wait(patience)
	wait(ctx) // too late
	all.Wait()
	return int(told.Load())
}
