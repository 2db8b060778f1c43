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
		var arrived [3]int // each cook’s place in the last round
		var errs [3]error
		var cooks sync.WaitGroup
		for i := range 3 {
			cooks.Go(func() {
				for range 2 {
					time.Sleep(time.Duration(3-i) * time.Minute) // cooking
					arrived[i], errs[i] = table.Wait(ctx)
				}
			})
		}
		cooks.Wait()
		fmt.Fprintln(w, "their places:", arrived)
		// part: end
		if err := errors.Join(errs[:]...); err != nil {
			return err
		}

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
	lab.Predict("%d parties, each slow in a round of its own, of %d: without a barrier, all but the last to arrive go on before all have arrived, %d x %d = %d times; with it, 0 times, and every round takes as long as the slow one, %d x %v against %v + %d x %v, %.1f times as long",
		parties, parties, parties, parties-1, parties*(parties-1), parties, slow, slow, parties-1, fast, together)

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
	// Who goes on looks whether all have arrived.
	var early, broken measure.Samples
	cook := func(name string, wait func(context.Context) error) measure.Variant {
		return measure.Variant{Name: name, Run: func(ctx context.Context) error {
			var arrived [parties]atomic.Int64 // in each round
			var tooEarly atomic.Int64
			group, ctx := errgroup.WithContext(ctx)
			for party := range parties {
				group.Go(func() error {
					for round := range parties {
						site := quick
						if round == party {
							site = lazy
						}
						if err := site.Fetch(ctx); err != nil {
							return err
						}
						arrived[round].Add(1)
						if err := wait(ctx); err != nil {
							return err
						}
						if arrived[round].Load() < parties {
							tooEarly.Add(1)
						}
					}
					return nil
				})
			}
			err := group.Wait()
			early.Add("early, "+name, float64(tooEarly.Load()))
			return err
		}}
	}
	table := primitive.NewBarrier(parties, nil)
	went, err := lab.InTurn(ctx,
		cook("together", func(ctx context.Context) error { _, err := table.Wait(ctx); return err }),
		cook("alone", func(context.Context) error { return nil }),
		measure.Variant{Name: "impatient", Run: func(ctx context.Context) error {
			broken.Add("not told", float64(parties-breakBarrier(ctx, parties)))
			return nil
		}})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"quick": quick.URL, "lazy": lazy.URL, "parties": parties})

	type language struct {
		of                     notebook.Subject
		samples, early, broken measure.Samples
	}
	languages := []language{{notebook.CPython, twin, twin, twin}, {notebook.Go, went, early, broken}}
	unit := fmt.Sprintf("went on before all had arrived, of %d", parties*parties)
	for _, l := range languages {
		lab.Show(string(l.of)+", with a barrier", unit, l.early.Estimate("early, together"), 0)
		lab.Show(string(l.of)+", without", unit, l.early.Estimate("early, alone"), parties*(parties-1))
		lab.Show(string(l.of)+", with a barrier", "times as long as without", l.samples.Ratio("together", "alone"), together)
		lab.Judge("6.22", l.of, nobodyEarly(l.early))
	}
	for _, l := range languages {
		lab.Judge("6.23", l.of, inEvery(l.broken, "not told",
			"one of %d lost patience, one came too late, and all %d were told that the barrier is broken,", parties, parties))
	}
	return nil
}

// nobodyEarly returns the verdict on a barrier, if without it somebody went on
// too early: else there was nothing for it to prevent.
func nobodyEarly(early measure.Samples) measure.Verdict {
	without, n := early.Count("early, alone")
	if without < n {
		return measure.Cannot("without a barrier, too, nobody was early in %d of %d rounds", n-without, n)
	}
	return inEvery(early, "early, together", "without a barrier somebody went on before all had arrived, with one nobody did,")
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
