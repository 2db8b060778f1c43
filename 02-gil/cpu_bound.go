package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"concurrency-notebook/02-gil/gil"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
)

func cpuBound(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(context.Context) error {
		// A second's work, divided among threads. A step of it
		// takes 2 ms, and no lock is needed but the GIL.
		for _, threads := range []int{1, 2, 4} {
			lock, err := gil.New(gil.DefaultInterval, nil)
			if err != nil {
				return err
			}
			took := timed(threads, func() {
				thread := lock.Thread("computes")
				thread.Run(func() {
					thread.Compute(500/threads, func() { time.Sleep(2 * time.Millisecond) })
				})
			})
			fmt.Fprintf(w, "shared by %d, with the GIL: %v\n", threads, took)
		}
		took := timed(4, func() { time.Sleep(time.Second / 4) })
		fmt.Fprintf(w, "shared by 4, without it: %v\n", took)
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

// computeAlone makes steps that need no lock.
func computeAlone(steps int) {
	for range steps {
		turn(new(int))
	}
}

func compareCPUBound(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	lab.Predict("the same work in 1, 2 and 4 threads takes the same time under a lock (1.00), and 1/CPUs without (%s with 2 threads); the article saw 1.13, and the lock before 3.2 wakes threads in vain",
		measure.Number(1/float64(min(cpus, 2))))

	const steps, turns = 4_000_000, 2_000_000
	counts := []int{1, 2, 4}
	var variants []measure.Variant
	var woken measure.Samples
	computeUnder := func(name string, lock *gil.GIL, threads int) {
		computeInThreads(lock, threads, steps)
		woken.Add(fmt.Sprint(name, " ", threads), float64(lock.Futile()))
	}
	for _, way := range []struct {
		name string
		run  func(threads int)
	}{
		{"model", func(n int) { computeUnder("model", newGIL(), n) }},
		{"old", func(n int) { computeUnder("old", gil.NewOld(100, nil), n) }},
		{"Go", func(n int) { timed(n, func() { computeAlone(steps / n) }) }},
	} {
		for _, n := range counts {
			variants = append(variants, measure.Variant{Name: fmt.Sprint(way.name, " ", n), Run: func(context.Context) error {
				way.run(n)
				return nil
			}})
		}
	}
	went, err := lab.InTurn(ctx, variants...)
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"turns": turns})

	ratio := func(of string, n int) measure.Estimate {
		return went.Ratio(fmt.Sprint(of, " ", n), fmt.Sprint(of, " 1"))
	}
	threads := func(n int) measure.Estimate {
		return twin.Ratio(fmt.Sprint(n, " threads"), "1 threads")
	}
	for _, n := range counts[1:] {
		unit := fmt.Sprintf("%d threads, x one thread", n)
		fair := 1 / float64(min(n, cpus))
		lab.Show("the model", unit, ratio("model", n), 1)
		lab.Show("the model of the old lock", unit, ratio("old", n))
		lab.Show("CPython", unit, threads(n), lab.UnderGIL(1, fair))
		lab.Show("Go, goroutines", unit, ratio("Go", n), fair)
	}

	for _, n := range counts[1:] {
		unit := fmt.Sprintf("%d threads, times that one was woken in vain", n)
		lab.Show("the model", unit, woken.Estimate(fmt.Sprint("model ", n)))
		lab.Show("the model of the old lock", unit, woken.Estimate(fmt.Sprint("old ", n)))
	}

	lab.Judge("2.14", theModel, measure.All(
		ratio("model", 2).Within("2 threads of the model / 1", 0.95, 1.05),
		ratio("model", 4).Within("4 threads of the model / 1", 0.95, 1.05)))
	lab.Judge("2.17", notebook.Go, ratio("Go", 2).Below("2 goroutines / 1", 0.55))
	fair := 1 / float64(min(cpus, 2))
	// Right about Python code, and not about C code that lets go of the lock.
	lab.Judge("S10", notebook.CPython, threads(2).Decide("2 threads / 1", 1, fair).Means(measure.InPart, measure.No))
	lab.Judge("S10", notebook.Go, ratio("Go", 2).Decide("2 goroutines / 1", 1, fair))
	// It does not accelerate; that it only slows down is another matter.
	lab.Judge("S11", notebook.CPython, threads(2).Decide("2 threads / 1", 1, fair).Means(measure.InPart, measure.No))
	lab.Judge("S11", notebook.Go, ratio("Go", 2).Decide("2 goroutines / 1", 1, fair).Means(measure.Same, measure.Different))
	return nil
}
