package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"concurrency-notebook/02-gil/gil"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
	"concurrency-notebook/internal/workload"
)

func ioBound(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(context.Context) error {
		lock, err := gil.New(gil.DefaultInterval, nil)
		if err != nil {
			return err
		}
		wait := func() { time.Sleep(time.Second) } // stands for a system call

		// CPython gives the lock back before a system call that may
		// block, and takes it again when the call has returned.
		releasing := func() {
			thread := lock.Thread("waits")
			thread.Run(func() { thread.Block(wait) })
		}
		keeping := func() {
			thread := lock.Thread("waits")
			thread.Run(wait)
		}
		fmt.Fprintln(w, "4 threads that wait, the GIL released:", timed(4, releasing))
		fmt.Fprintln(w, "4 threads that wait, the GIL kept:    ", timed(4, keeping))
		return nil
	})
}

func compareIOBound(ctx context.Context, lab *notebook.Lab) error {
	// part: predict
	const requests, delay = 10, 10 * time.Millisecond
	lab.Predict("%d requests to a site that answers after %v take %v one after another, and %v at once: 1/%d = %s",
		requests, delay, requests*delay, delay, requests, measure.Number(1.0/requests))
	// part: end

	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "sequential", Run: func(ctx context.Context) error { return site.FetchAll(ctx, 1, requests) }},
		measure.Variant{Name: "goroutines", Run: func(ctx context.Context) error { return site.FetchAll(ctx, requests, 1) }})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"url": site.URL, "requests": requests})

	goroutines, threads := went.Ratio("goroutines", "sequential"), twin.Ratio("threads", "sequential")
	lab.Show("Go, goroutines", "x sequential", goroutines, 1.0/requests)
	lab.Show("CPython, threads", "x sequential", threads, 1.0/requests)
	lab.Judge("S14", notebook.CPython, threads.Decide("threads / sequential", 1.0/requests, 1))
	lab.Judge("S14", notebook.Go, goroutines.Decide("goroutines / sequential", 1.0/requests, 1))
	return nil
}
