package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

// An errand is a number of requests, made one after another.
type errand struct {
	URL   string
	Times int
}

func (e errand) run(ctx context.Context) (done bool, err error) {
	for range e.Times {
		if err := workload.Fetch(ctx, e.URL); err != nil {
			return false, err
		}
	}
	return true, nil
}

var runErrand = procpool.Define("run-errand",
	func(e errand) (bool, error) { return e.run(context.Background()) })

func waitInGoroutines(ctx context.Context, errands []errand) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, e := range errands {
		group.Go(func() error {
			_, err := e.run(ctx)
			return err
		})
	}
	return group.Wait()
}

// waitInProcesses starts a worker for each errand, as the article does.
func waitInProcesses(ctx context.Context, errands []errand) error {
	pool, err := procpool.New(len(errands))
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = runErrand.Map(ctx, pool, errands)
	return err
}

func ioBound(ctx context.Context, w io.Writer) error {
	// This site answers nobody until four are waiting: were they
	// to wait one after another, the first would wait for ever.
	const guests = 4
	site, err := workload.ServeTogether(guests)
	if err != nil {
		return err
	}
	defer site.Close()
	errands := slices.Repeat([]errand{{site.URL, 1}}, guests)
	if err := waitInGoroutines(ctx, errands); err != nil {
		return err
	}
	fmt.Fprintln(w, guests, "goroutines waited at the same time")
	if err := waitInProcesses(ctx, errands); err != nil {
		return err
	}
	fmt.Fprintln(w, guests, "processes waited at the same time")
	return nil
}

// What the article printed, in seconds, for ten workers with four sites each.
const articleThreads, articleProcesses = 7.9, 7.22

func compareIOBound(ctx context.Context, lab *notebook.Lab) error {
	const workers, each, delay = 10, 4, 20 * time.Millisecond
	const wait = each * delay
	lab.Predict("each of %d workers waits %d x %v = %v, all at the same time; what a way takes beyond that is what it costs to start the workers and to ask",
		workers, each, delay, wait)

	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	errands := slices.Repeat([]errand{{site.URL, each}}, workers)
	pool, err := procpool.New(workers)
	if err != nil {
		return err
	}
	defer pool.Close()
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "goroutines", Run: func(ctx context.Context) error { return waitInGoroutines(ctx, errands) }},
		measure.Variant{Name: "processes", Run: func(ctx context.Context) error { return waitInProcesses(ctx, errands) }},
		measure.Variant{Name: "pool", Run: func(ctx context.Context) error {
			_, err := runErrand.Map(ctx, pool, errands)
			return err
		}})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"url": site.URL, "workers": workers, "each": each})

	unit := fmt.Sprintf("x the wait of %v", wait)
	ofWait := func(e measure.Estimate) measure.Estimate { return e.Times(1 / wait.Seconds()) }
	lab.Show("Go, goroutines", unit, ofWait(went.Estimate("goroutines")), 1)
	lab.Show("Go, processes that wait", unit, ofWait(went.Estimate("pool")), 1)
	lab.Show("Go, processes started for it", unit, ofWait(went.Estimate("processes")))
	lab.Show("CPython, threads", unit, ofWait(twin.Estimate("threads")), 1)
	lab.Show("CPython, processes started for it", unit, ofWait(twin.Estimate("processes")))

	processes := twin.Ratio("processes", "threads")
	if processes.N > 0 {
		extra := twin.Estimate("processes").Median - twin.Estimate("threads").Median
		lab.Remark("In the article, processes took %s of the threads' time: %v s to %v s. The %s ms that %d processes cost here beyond threads are %s %% of those %v s.",
			measure.Number(articleProcesses/articleThreads), articleProcesses, articleThreads,
			measure.Number(1000*extra), workers, measure.Number(100*extra/articleThreads), articleThreads)
	}
	lab.Judge("S18", notebook.CPython, processes.Above("processes / threads", 1))
	lab.Judge("S18", notebook.Go, went.Ratio("processes", "goroutines").Above("processes / goroutines", 1))
	return nil
}
