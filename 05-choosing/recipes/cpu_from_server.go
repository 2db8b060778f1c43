package main

import (
	"context"
	"fmt"
	"io"
	"runtime"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// One CPU is left to answer the rest.
var atWork = max(1, runtime.GOMAXPROCS(0)-1)
var computing = semaphore.NewWeighted(int64(atWork))

func answer(ctx context.Context, n int) (string, error) {
	if err := computing.Acquire(ctx, 1); err != nil {
		return "", err // the client has gone while we waited
	}
	defer computing.Release(1)
	return fmt.Sprintf("%d primes below %d", primesBelow(n), n), nil
}

func primesBelow(n int) (count int) {
	for k := 2; k < n; k++ {
		d := 2
		for d*d <= k && k%d != 0 {
			d++
		}
		if d*d > k {
			count++
		}
	}
	return count
}

func cpuFromServer(ctx context.Context, w io.Writer) error {
	sizes := []int{1000, 5000, 10000}
	answers := make([]string, len(sizes))
	requests, ctx := errgroup.WithContext(ctx)
	for i, n := range sizes {
		requests.Go(func() (err error) {
			answers[i], err = answer(ctx, n)
			return err
		})
	}
	if err := requests.Wait(); err != nil {
		return err
	}
	for _, answer := range answers {
		fmt.Fprintln(w, answer)
	}
	return nil
}
