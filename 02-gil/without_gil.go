package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

func withoutGIL(_ context.Context, w io.Writer) error {
	// Nobody counts references here, and nobody holds a lock for
	// all: what two goroutines share, they guard themselves.
	var mu sync.Mutex
	var primes []int
	var wg sync.WaitGroup
	for low := 0; low < 30; low += 10 {
		wg.Go(func() {
			for n := low; n < low+10; n++ {
				if workload.CountPrimes(n, n+1) == 1 {
					mu.Lock()
					primes = append(primes, n)
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	slices.Sort(primes)
	fmt.Fprintln(w, primes)
	return nil
}

func compareWithoutGIL(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	fair := 1 / float64(cpus)
	lab.Predict("without a lock for all, %d threads take 1/CPUs = %s of the sequential time", cpus, measure.Number(fair))

	count := func() { workload.CountPrimes(0, 300_000) }
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "sequential", Run: func(context.Context) error {
			for range cpus {
				count()
			}
			return nil
		}},
		measure.Variant{Name: "goroutines", Run: func(context.Context) error { timed(cpus, count); return nil }})
	if err != nil {
		return err
	}
	const unit = "x sequential"
	goroutines := went.Ratio("goroutines", "sequential")
	lab.Show("Go, goroutines", unit, goroutines, fair)
	lab.Judge("2.13", notebook.Go, goroutines.Decide("goroutines / sequential", fair, 1))

	free := lab.UnderGIL(1, 0) == 0
	if !free {
		lab.Judge("2.13", notebook.CPython, measure.Cannot("the Python here has its GIL: run the chapter with -python python3.14t, or another that has none"))
		return nil
	}
	threads := lab.Twin(ctx, map[string]any{"workers": cpus}).Ratio("threads", "sequential")
	lab.Show("CPython, threads", unit, threads, fair)
	lab.Judge("2.13", notebook.CPython, threads.Decide("threads / sequential", fair, 1))
	return nil
}
