package main

import (
	"context"
	"fmt"
	"io"

	"concurrency-notebook/03-processes/procpool"
)

func countWith(ctx context.Context, pool *procpool.Pool, low, high int) (int, error) {
	return inProcesses(ctx, pool, cut(low, high, pool.Workers()))
}

func countWithNew(ctx context.Context, workers, low, high int) (int, error) {
	pool, err := procpool.New(workers)
	if err != nil {
		return 0, err
	}
	defer pool.Close()
	return countWith(ctx, pool, low, high)
}

func breakEven(ctx context.Context, w io.Writer) error {
	primes, err := countWithNew(ctx, 2, 0, 10_000)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "workers started for it found", primes, "primes")

	pool, err := procpool.New(2)
	if err != nil {
		return err
	}
	defer pool.Close()
	primes, err = countWith(ctx, pool, 0, 10_000) // as often as you like
	fmt.Fprintln(w, "workers that stay found", primes, "primes")
	return err
}
