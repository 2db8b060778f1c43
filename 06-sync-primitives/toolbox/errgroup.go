package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
	"concurrency-notebook/internal/workload"
)

var errBurnt = errors.New("the cake is burnt")

// prepare cooks a dish, unless the context ends first.
func prepare(ctx context.Context, dish string, takes time.Duration) error {
	select {
	case <-time.After(takes):
		if dish == "cake" {
			return errBurnt
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("given up: %w", context.Cause(ctx))
	}
}

func cancelWithErrgroup(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(ctx context.Context) error {
		start := time.Now()
		var ended [4]string

		// part: group
		dishes := []string{"soup", "cake", "roast", "pie"}
		takes := []time.Duration{time.Minute, 2 * time.Minute, time.Hour, time.Hour}
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(2) // Go waits while two are at work
		for i, dish := range dishes {
			group.Go(func() error {
				err := prepare(ctx, dish, takes[i])
				ended[i] = fmt.Sprint("after ", time.Since(start), ": ", err)
				return err
			})
		}
		err := group.Wait() // for all of them; the first error

		// part: end
		for i, dish := range dishes {
			fmt.Fprintf(w, "%-5s %s\n", dish, ended[i])
		}
		fmt.Fprintln(w, "Wait  after", time.Since(start), "returns:", err)
		return nil
	})
}

func compareGroups(ctx context.Context, lab *notebook.Lab) error {
	const requests, fast, slow = 5, 2 * time.Millisecond, 40 * time.Millisecond
	const early = float64(fast) / float64(slow)
	lab.Predict("one of %d fails after %v, the others take %v: a group that cancels them ends after %v/%v = %.2f of the time, one that lets them run takes all of it",
		requests+1, fast, slow, fast, slow, early)

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
	var completed measure.Samples
	alive := 0 // contexts, when Wait had returned
	run := func(name string, fails error) measure.Variant {
		return measure.Variant{Name: name, Run: func(ctx context.Context) error {
			var done atomic.Int64
			group, ctx := errgroup.WithContext(ctx)
			for range requests {
				group.Go(func() error {
					err := lazy.Fetch(ctx)
					if err == nil {
						done.Add(1)
					}
					return err
				})
			}
			group.Go(func() error { return errors.Join(quick.Fetch(ctx), fails) })
			err := group.Wait()
			completed.Add(name, float64(done.Load()))
			if ctx.Err() == nil {
				alive++
			}
			if errors.Is(err, fails) {
				return nil
			}
			return err
		}}
	}
	went, err := lab.InTurn(ctx, run("fails", errBurnt), run("well", nil))
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"quick": quick.URL, "lazy": lazy.URL, "requests": requests})

	const unit = "with an error, times as long as without"
	ended := went.Ratio("fails", "well")
	lab.Show("Go, errgroup", unit, ended, early)
	lab.Show("CPython, ThreadPoolExecutor", unit, twin.Ratio("fails", "well"), 1)
	unit2 := fmt.Sprintf("requests that ran to their end, of %d", requests)
	lab.Show("Go, errgroup", unit2, completed.Estimate("fails"), 0)
	lab.Show("CPython, ThreadPoolExecutor", unit2, twin.Estimate("completed"), requests)
	lab.Judge("6.29", notebook.Go, measure.All(ended.Decide("with an error / without", early, 1),
		measure.Fact(alive == 0, "after Wait, with an error or without, %d of %d contexts had not ended", alive, 2*lab.Rounds())))
	lab.Judge("6.30", notebook.CPython, inEvery(twin, "cancelled", "cancel() was called on %d that were running, and cancelled none,", requests))
	return nil
}
