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

// A task computes, or it waits for the answer of a site.
type task struct {
	PrimesBelow int
	URL         string
}

func perform(ctx context.Context, t task) (done bool, err error) {
	if t.URL != "" {
		return true, workload.Fetch(ctx, t.URL)
	}
	workload.CountPrimes(0, t.PrimesBelow)
	return true, nil
}

// The same function, as a task for worker processes.
var performElsewhere = procpool.Define("perform",
	func(t task) (bool, error) { return perform(context.Background(), t) })

func inSequence(ctx context.Context, tasks []task) error {
	for _, t := range tasks {
		if _, err := perform(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

func inGoroutines(ctx context.Context, tasks []task) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, t := range tasks {
		group.Go(func() error {
			_, err := perform(ctx, t)
			return err
		})
	}
	return group.Wait()
}

func inProcesses(pool *procpool.Pool) func(context.Context, []task) error {
	return func(ctx context.Context, tasks []task) error {
		_, err := performElsewhere.Map(ctx, pool, tasks)
		return err
	}
}

func matrix(ctx context.Context, w io.Writer) error {
	site, err := workload.Serve(time.Millisecond)
	if err != nil {
		return err
	}
	defer site.Close()
	pool, err := procpool.New(2)
	if err != nil {
		return err
	}
	defer pool.Close()

	// Every model takes every job: they differ in nothing but the
	// time that it takes.
	for _, work := range []struct {
		name  string
		tasks []task
	}{
		{"computing", slices.Repeat([]task{{PrimesBelow: 1000}}, 4)},
		{"waiting", slices.Repeat([]task{{URL: site.URL}}, 4)},
	} {
		for _, way := range []struct {
			model model
			do    func(context.Context, []task) error
		}{
			{sequential, inSequence}, {goroutines, inGoroutines}, {processes, inProcesses(pool)},
		} {
			if err := way.do(ctx, work.tasks); err != nil {
				return err
			}
			fmt.Fprintf(w, "%-10s %-18s %d tasks done\n", work.name, way.model, len(work.tasks))
		}
	}
	return nil
}

func measureMatrix(ctx context.Context, lab *notebook.Lab) error {
	const tasks, delay = 10, 5 * time.Millisecond
	cpus := lab.CPUs(ctx, "5.1")
	fair, overlapped := 1/float64(cpus), 1.0/tasks
	lab.Predict("%d tasks that compute take 1/CPUs = %s of the sequential time in any model that uses all CPUs; %d that wait take 1/%d = %s in any model that lets them wait together",
		tasks, measure.Number(fair), tasks, tasks, measure.Number(overlapped))

	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	// Who computes needs a CPU, who waits needs none: so many workers.
	perCPU, err := procpool.New(cpus)
	if err != nil {
		return err
	}
	defer perCPU.Close()
	perTask, err := procpool.New(tasks)
	if err != nil {
		return err
	}
	defer perTask.Close()
	variants := func(t task, pool *procpool.Pool) []measure.Variant {
		all := slices.Repeat([]task{t}, tasks)
		variant := func(m model, do func(context.Context, []task) error) measure.Variant {
			return measure.Variant{Name: string(m), Run: func(ctx context.Context) error { return do(ctx, all) }}
		}
		return []measure.Variant{variant(sequential, inSequence), variant(goroutines, inGoroutines), variant(processes, inProcesses(pool))}
	}
	computed, err := lab.InTurn(ctx, variants(task{PrimesBelow: 100_000}, perCPU)...)
	if err != nil {
		return err
	}
	waited, err := lab.InTurn(ctx, variants(task{URL: site.URL}, perTask)...)
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"url": site.URL, "tasks": tasks, "cpus": cpus})

	show := func(unit string, went measure.Samples, prefix string, best, pythonThreads float64) {
		lab.Show("Go, goroutines", unit, went.Ratio("goroutines", string(sequential)), best)
		lab.Show("Go, processes", unit, went.Ratio("processes", string(sequential)), best)
		lab.Show("CPython, threads", unit, twin.Ratio(prefix+" threads", prefix+" sequential"), pythonThreads)
		lab.Show("CPython, processes", unit, twin.Ratio(prefix+" processes", prefix+" sequential"), best)
	}
	show("computing, x sequential", computed, "computing", fair, lab.UnderGIL(1, fair))
	show("waiting, x sequential", waited, "waiting", overlapped, overlapped)

	lab.Judge("5.1", notebook.CPython, twin.Ratio("computing processes", "computing threads").Decide("processes / threads", fair, 1))
	lab.Judge("5.1", notebook.Go, computed.Ratio("processes", "goroutines").Decide("processes / goroutines", fair, 1))
	lab.Judge("5.2", notebook.CPython, twin.Ratio("waiting threads", "waiting sequential").Decide("threads / sequential", overlapped, 1))
	lab.Judge("5.2", notebook.Go, waited.Ratio("goroutines", string(sequential)).Decide("goroutines / sequential", overlapped, 1))
	return nil
}
