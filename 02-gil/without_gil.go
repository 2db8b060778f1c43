package main

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/internal/workload"
)

func withoutGIL(_ context.Context, w io.Writer) error {
	// There's no lock for all. What goroutines share, they guard.
	var primes atomic.Int64
	var group errgroup.Group
	group.SetLimit(2)
	for low := 0; low < 10_000; low += 2_500 {
		group.Go(func() error {
			primes.Add(int64(workload.CountPrimes(low, low+2_500)))
			return nil
		})
	}
	err := group.Wait()
	fmt.Fprintln(w, primes.Load(), "primes below 10,000")
	return err
}
