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

func oneWorld(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(context.Context) error {
		start := time.Now()
		var wg sync.WaitGroup
		for range 10_000 {
			wg.Go(func() { time.Sleep(time.Hour) })
		}
		wg.Wait()
		fmt.Fprintln(w, "10,000 waits of an hour took", time.Since(start))
		return nil
	})
}

func compareWaits(ctx context.Context, lab *notebook.Lab) error {
	const workers, sites, delay = 10, 4, 5 * time.Millisecond
	const all = workers * sites
	lab.Predict("%d requests of %v: %d workers with %d each take 1/%d = %s of the sequential time, %d at once 1/%d = %s; whether threads wait, or coroutines, or goroutines",
		all, delay, workers, sites, workers, measure.Number(1.0/workers), all, all, measure.Number(1.0/all))

	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	// Each worker makes its requests one after another, as in the article.
	fetch := func(workers, each int) func(context.Context) error {
		return func(ctx context.Context) error { return site.FetchAll(ctx, workers, each) }
	}
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "sequential", Run: fetch(1, all)},
		measure.Variant{Name: "workers", Run: fetch(workers, sites)},
		measure.Variant{Name: "at once", Run: fetch(all, 1)})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"url": site.URL, "workers": workers, "sites": sites})

	const unit = "x sequential"
	lab.Show(fmt.Sprintf("Go, %d goroutines", workers), unit, went.Ratio("workers", "sequential"), 1.0/workers)
	lab.Show(fmt.Sprintf("Go, %d goroutines", all), unit, went.Ratio("at once", "sequential"), 1.0/all)
	lab.Show(fmt.Sprintf("CPython, %d threads", workers), unit, twin.Ratio("threads", "sequential"), 1.0/workers)
	lab.Show(fmt.Sprintf("CPython, %d threads", all), unit, twin.Ratio("forty threads", "sequential"), 1.0/all)
	lab.Show(fmt.Sprintf("CPython, %d tasks of asyncio", workers), unit, twin.Ratio("asyncio", "sequential"), 1.0/workers)
	lab.Show(fmt.Sprintf("CPython, %d tasks of asyncio", all), unit, twin.Ratio("at once", "sequential"), 1.0/all)

	// The article's own figures: 4.37 s with asyncio, 7.9 s with threads.
	lab.Judge("4.9", notebook.CPython, twin.Ratio("asyncio", "threads").Decide("asyncio / threads, the same client in both", 4.37/7.9, 1))
	return nil
}
