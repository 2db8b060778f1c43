package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
	"concurrency-notebook/internal/workload"
)

func cpuBound(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(context.Context) error {
		// The GIL in essence: one token. Who has it may compute.
		gil := make(chan bool, 1)
		compute := func() { time.Sleep(time.Second) } // stands for a second's work
		underGIL := func() {
			gil <- true
			compute()
			<-gil
		}
		fmt.Fprintln(w, "4 threads that compute, with a GIL:", timed(4, underGIL))
		fmt.Fprintln(w, "4 threads that compute, without:   ", timed(4, compute))
		return nil
	})
}

// timed runs the job in n goroutines at once, and tells how long they took.
func timed(n int, job func()) time.Duration {
	start := time.Now()
	var wg sync.WaitGroup
	for range n {
		wg.Go(job)
	}
	wg.Wait()
	return time.Since(start)
}

func compareCPUBound(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs(ctx)
	fair := 1 / float64(cpus)
	lab.Predict("%d goroutines take 1/CPUs = %s of the sequential time; with one lock around their work, all of it; CPython's threads, all of it, or 1.13 of it as in the article's table (2.47 s against 2.18 s)",
		cpus, measure.Number(fair))

	count := func() { workload.CountPrimes(0, 400_000) }
	var gil sync.Mutex
	countUnderGIL := func() {
		gil.Lock()
		defer gil.Unlock()
		count()
	}
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "sequential", Run: func(context.Context) error {
			for range cpus {
				count()
			}
			return nil
		}},
		measure.Variant{Name: "goroutines", Run: func(context.Context) error { timed(cpus, count); return nil }},
		measure.Variant{Name: "one lock", Run: func(context.Context) error { timed(cpus, countUnderGIL); return nil }})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"workers": cpus})

	goroutines, threads := went.Ratio("goroutines", "sequential"), twin.Ratio("threads", "sequential")
	lab.Show("Go, goroutines", "x sequential", goroutines, fair)
	lab.Show("Go, one lock", "x sequential", went.Ratio("one lock", "sequential"), 1)
	lab.Show("CPython, threads", "x sequential", threads, lab.UnderGIL(1, fair))

	lab.Judge("S10", notebook.CPython, threads.Decide("threads / sequential", 1, fair))
	lab.Judge("S10", notebook.Go, goroutines.Decide("goroutines / sequential", 1, fair))
	lab.Judge("S11", notebook.CPython, threads.Decide("threads / sequential", 2.47/2.18, 1))
	lab.Judge("S11", notebook.Go, goroutines.Decide("goroutines / sequential", 2.47/2.18, 1))
	return nil
}
