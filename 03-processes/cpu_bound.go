package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/workload"
)

// A stretch of numbers, in which to count the primes.
type stretch struct{ Low, High int }

func (s stretch) count() int { return workload.CountPrimes(s.Low, s.High) }

// cut divides the numbers from low to high into stretches.
func cut(low, high, pieces int) []stretch {
	var work []stretch
	for i := range pieces {
		from, to := (high-low)*i/pieces, (high-low)*(i+1)/pieces
		work = append(work, stretch{low + from, low + to})
	}
	return work
}

func inGoroutines(work []stretch) int {
	var total atomic.Int64
	var wg sync.WaitGroup
	for _, s := range work {
		wg.Go(func() { total.Add(int64(s.count())) })
	}
	wg.Wait()
	return int(total.Load())
}

// countPrimes is what the workers can be asked to do, by its name.
var countPrimes = procpool.Define("count-primes",
	func(s stretch) (int, error) { return s.count(), nil })

func inProcesses(ctx context.Context, pool *procpool.Pool, work []stretch) (total int, err error) {
	counts, err := countPrimes.Map(ctx, pool, work)
	for _, n := range counts {
		total += n
	}
	return total, err
}

func cpuBound(ctx context.Context, w io.Writer) error {
	work := cut(0, 200_000, 16)
	primes := inGoroutines(work)
	fmt.Fprintln(w, "in this process:", primes, "primes below 200,000")

	pool, err := procpool.New(2)
	if err != nil {
		return err
	}
	defer pool.Close()
	primes, err = inProcesses(ctx, pool, work)
	fmt.Fprintln(w, "in two others:  ", primes, "primes below 200,000")
	return err
}
