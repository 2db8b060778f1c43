package main

import (
	"context"
	"io"
	"sync"
	"time"

	"concurrency-notebook/02-gil/gil"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/timeline"
	"concurrency-notebook/internal/virtual"
)

func oneAtATime(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(context.Context) error {
		rec := timeline.Start()
		lock, err := gil.New(5*time.Millisecond, rec)
		if err != nil {
			return err
		}
		oneStep := func() { time.Sleep(2 * time.Millisecond) }

		// Ada computes, Grace asks a site, and both want the lock
		// from the start. Ada is first.
		ada, grace := lock.Thread("Ada"), lock.Thread("Grace")
		ada.Take()
		var wg sync.WaitGroup
		wg.Go(func() {
			grace.Run(func() {
				grace.Compute(2, oneStep)
				grace.Block(func() { time.Sleep(8 * time.Millisecond) })
				grace.Compute(4, oneStep)
			})
		})
		ada.Compute(14, oneStep)
		ada.Drop()
		wg.Wait()

		chart := timeline.Chart{Panels: []timeline.Panel{{
			Title: "who held the lock",
			Lanes: rec.Timeline(),
		}}}
		_, err = io.WriteString(w, chart.Text(60, false))
		return err
	})
}

func countThoseInside(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	lab.Predict("%d threads that compute keep 1 CPU busy under a lock, and %d without; a long C function that gives the lock back keeps %d busy in CPython too",
		cpus, cpus, cpus)

	const steps = 4_000_000
	lock := newGIL()
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "model", Run: func(context.Context) error {
			computeInThreads(lock, cpus, steps)
			return nil
		}},
		measure.Variant{Name: "goroutines", Run: func(context.Context) error {
			timed(cpus, func() { computeAlone(steps / cpus) })
			return nil
		}})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"workers": cpus})

	const unit = "CPUs kept busy"
	all := float64(cpus)
	lab.Show("the model, threads that compute", unit, went.Estimate("model/cpus"), 1)
	lab.Show("Go, goroutines that compute", unit, went.Estimate("goroutines/cpus"), all)
	lab.Show("CPython, threads that compute", unit, twin.Estimate("compute/cpus"), lab.UnderGIL(1, all))
	lab.Show("CPython, threads in SHA-256", unit, twin.Estimate("digest/cpus"), all)

	compute, digest := twin.Estimate("compute/cpus"), twin.Estimate("digest/cpus")
	ofPython := compute.Decide("CPUs kept busy by threads that run Python code", 1, all)
	ofC := digest.Decide("by threads in C code that has let go of the lock", all, 1)
	// Both sentences are right about Python code, and only about that.
	lab.Judge("S7", notebook.CPython, measure.All(ofPython, ofC).Means(measure.InPart, measure.Yes))
	lab.Judge("S9", notebook.CPython, measure.All(ofPython, ofC).Means(measure.InPart, measure.No))
	lab.Judge("S9", notebook.Go, went.Estimate("goroutines/cpus").Decide("CPUs kept busy by goroutines that compute", 1, all))
	lab.Judge("S8", notebook.CPython, measure.All(
		compute.Decide("CPUs kept busy by Python code", 1, all),
		digest.Decide("by a C function that has given the lock back", all, 1)))
	return nil
}
