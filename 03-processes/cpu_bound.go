package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

// A stretch of numbers, in which to count the primes.
type stretch struct{ Low, High int }

// cut divides the numbers below high into equal stretches.
func cut(high, pieces int) []stretch {
	var stretches []stretch
	for i := range pieces {
		stretches = append(stretches, stretch{i * high / pieces, (i + 1) * high / pieces})
	}
	return stretches
}

// countPrimes is the task of the worker processes.
var countPrimes = procpool.Define("count-primes",
	func(s stretch) (int, error) {
		return workload.CountPrimes(s.Low, s.High), nil
	})

func inSequence(_ context.Context, stretches []stretch) (int, error) {
	total := 0
	for _, s := range stretches {
		total += workload.CountPrimes(s.Low, s.High)
	}
	return total, nil
}

func inGoroutines(_ context.Context, stretches []stretch) (int, error) {
	var next, total atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) { // as many as there are CPUs to use
		wg.Go(func() {
			// Add is one step: no two goroutines get the same stretch.
			for i := next.Add(1) - 1; i < int64(len(stretches)); i = next.Add(1) - 1 {
				s := stretches[i]
				total.Add(int64(workload.CountPrimes(s.Low, s.High)))
			}
		})
	}
	wg.Wait()
	return int(total.Load()), nil
}

// inProcesses returns the function that uses the pool's workers.
func inProcesses(pool *procpool.Pool) func(context.Context, []stretch) (int, error) {
	return func(ctx context.Context, stretches []stretch) (int, error) {
		found, err := countPrimes.Map(ctx, pool, stretches)
		return sum(found), err
	}
}

func sum(numbers []int) (total int) {
	for _, n := range numbers {
		total += n
	}
	return total
}

func cpuBound(ctx context.Context, w io.Writer) error {
	pool, err := procpool.New(2)
	if err != nil {
		return err
	}
	defer pool.Close()
	work := cut(10_000, 4)
	for _, way := range []struct {
		name string
		run  func(context.Context, []stretch) (int, error)
	}{
		{"in sequence", inSequence},
		{"in goroutines", inGoroutines},
		{"in processes", inProcesses(pool)},
	} {
		primes, err := way.run(ctx, work)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%-13s  %d primes below 10,000\n", way.name, primes)
	}
	return nil
}

func compareCPUBound(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs(ctx)
	fair := 1 / float64(cpus)
	lab.Predict("goroutines and processes take 1/CPUs = 1/%d = %s of the sequential time; threads that share a GIL take all of it", cpus, measure.Number(fair))

	pool, err := procpool.New(cpus)
	if err != nil {
		return err
	}
	defer pool.Close()
	work := cut(500_000, 16*cpus)
	count := func(name string, run func(context.Context, []stretch) (int, error)) measure.Variant {
		return measure.Variant{Name: name, Run: func(ctx context.Context) error {
			_, err := run(ctx, work)
			return err
		}}
	}
	inProcesses := count("processes", inProcesses(pool))
	inProcesses.Elsewhere = pool.CPUTime
	went, err := lab.InTurn(ctx, count("sequential", inSequence), count("goroutines", inGoroutines), inProcesses)
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"workers": cpus})

	lab.Show("Go, goroutines", "x sequential", went.Ratio("goroutines", "sequential"), fair)
	lab.Show("Go, processes", "x sequential", went.Ratio("processes", "sequential"), fair)
	lab.Show("CPython, threads", "x sequential", twin.Ratio("threads", "sequential"), lab.UnderGIL(1, fair))
	lab.Show("CPython, processes", "x sequential", twin.Ratio("processes", "sequential"), fair)
	lab.Show("Go, goroutines", "CPUs kept busy", went.Estimate("goroutines/cpus"), float64(cpus))
	lab.Show("Go, processes", "CPUs kept busy", went.Estimate("processes/cpus"), float64(cpus))
	lab.Show("CPython, threads", "CPUs kept busy", twin.Estimate("threads/cpus"), lab.UnderGIL(1, float64(cpus)))
	lab.Show("CPython, processes", "CPUs kept busy", twin.Estimate("processes/cpus"), float64(cpus))

	threads := twin.Ratio("processes", "threads").Decide("processes / threads", fair, 1)
	lab.Judge("S15", notebook.CPython, threads)
	lab.Judge("S15", notebook.Go, went.Ratio("processes", "goroutines").Decide("processes / goroutines", fair, 1))
	lab.Judge("S16", notebook.CPython, twin.Estimate("processes/cpus").Decide("CPUs kept busy by processes", float64(cpus), 1))
	lab.Judge("S16", notebook.Go, went.Estimate("processes/cpus").Decide("CPUs kept busy by processes", float64(cpus), 1))
	lab.Judge("S17", notebook.CPython, threads)
	return nil
}
