package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

func ioInThreads(ctx context.Context, w io.Writer) error {
	// This server answers nobody until ten are waiting.
	const workers, each = 10, 4
	site, err := workload.ServeTogether(workers)
	if err != nil {
		return err
	}
	defer site.Close()
	if err := site.FetchAll(ctx, workers, each); err != nil {
		return err
	}
	fmt.Fprintln(w, workers*each, "answers,", workers, "at a time")
	return nil
}

// What the article printed, in seconds.
const articleSequential, articleThreads = 31.4, 7.9

func compareFetching(ctx context.Context, lab *notebook.Lab) error {
	const workers, each, delay = 10, 4, 5 * time.Millisecond
	lab.Predict("%d requests that take %v each: %d in sequence take %v, %d workers with %d each take %v, %d times less",
		workers*each, delay, workers*each, workers*each*delay, workers, each, each*delay, workers)
	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "sequential", Run: func(ctx context.Context) error { return site.FetchAll(ctx, 1, workers*each) }},
		measure.Variant{Name: "goroutines", Run: func(ctx context.Context) error { return site.FetchAll(ctx, workers, each) }})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"url": site.URL, "workers": workers, "each": each})

	const unit = "times faster than in sequence"
	lab.Show("Go, goroutines", unit, went.Ratio("sequential", "goroutines"), workers)
	lab.Show("CPython, threads", unit, twin.Ratio("sequential", "threads"), workers)
	lab.Remark("The article's own figures are %v s and %v s: %s times, not “more than 5”.", articleSequential, articleThreads, measure.Number(articleSequential/articleThreads))
	lab.Judge("1.8", notebook.CPython, twin.Ratio("sequential", "threads").Above("sequential / threads", 5))
	lab.Judge("1.8", notebook.Go, went.Ratio("sequential", "goroutines").Above("sequential / goroutines", 5))
	return nil
}
