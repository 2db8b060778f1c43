package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func lostUpdate(_ context.Context, w io.Writer) error {
	// Two goroutines sell a ticket each. Both have read the counter
	// before one of them writes it: one sale is lost.
	var sold atomic.Int64
	var read, written sync.WaitGroup
	read.Add(2)
	for range 2 {
		written.Go(func() {
			seen := sold.Load()
			read.Done()
			read.Wait() // until the other has read, too
			sold.Store(seen + 1)
		})
	}
	written.Wait()
	fmt.Fprintln(w, "read, then write: ", sold.Load(), "sold")

	// Cure: one step in place of two.
	sold.Store(0)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { sold.Add(1) })
	}
	wg.Wait()
	fmt.Fprintln(w, "add, in one step: ", sold.Load(), "sold")
	return nil
}

func countLostUpdates(ctx context.Context, lab *notebook.Lab) error {
	const times = 4_000_000
	lab.Predict("two threads, or goroutines, that share nothing are independent of each other, and lose no update; two that share a counter are not")

	var lost measure.Samples
	count := func(name string, add func(counter *atomic.Int64)) measure.Variant {
		return measure.Variant{Name: name, Run: func(context.Context) error {
			var counter atomic.Int64
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() {
					for range times {
						add(&counter)
					}
				})
			}
			wg.Wait()
			lost.Add(name, float64(2*times-counter.Load()))
			return nil
		}}
	}
	if _, err := lab.InTurn(ctx,
		count("read, write", func(counter *atomic.Int64) { counter.Store(counter.Load() + 1) }),
		count("add", func(counter *atomic.Int64) { counter.Add(1) })); err != nil {
		return err
	}
	const theirTimes = 100_000
	twin := lab.Twin(ctx, map[string]any{"times": theirTimes})

	percent := func(e measure.Estimate, of int) measure.Estimate { return e.Times(100 / float64(of)) }
	const unit = "% of the updates lost"
	lab.Show("Go, read and write", unit, percent(lost.Estimate("read, write"), 2*times))
	lab.Show("Go, add in one step", unit, percent(lost.Estimate("add"), 2*times), 0)
	lab.Show("CPython, read and write", unit, percent(twin.Estimate("read, write"), 2*theirTimes))
	lab.Show("CPython, with a lock", unit, percent(twin.Estimate("with a lock"), 2*theirTimes), 0)

	lab.Judge("S6", notebook.Go, lost.Never("updates were lost between two goroutines", "read, write"))
	lab.Judge("S6", notebook.CPython, twin.Never("updates were lost between two threads", "read, write"))
	return nil
}
