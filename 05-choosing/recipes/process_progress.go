package main

import (
	"context"
	"fmt"
	"io"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// primesIn counts the primes from low to high.
func primesIn(low, high int) (count int) {
	for n := max(low, 2); n < high; n++ {
		prime := true
		for d := 2; d*d <= n && prime; d++ {
			prime = n%d != 0
		}
		if prime {
			count++
		}
	}
	return count
}

func processProgress(ctx context.Context, w io.Writer) error {
	const shares, size = 5, 2000
	counts := make(chan int, shares)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0)) // more would only wait
	go func() {
		for n := range shares {
			group.Go(func() error {
				if ctx.Err() == nil { // else another one has failed
					counts <- primesIn(n*size, (n+1)*size)
				}
				return ctx.Err()
			})
		}
		group.Wait()
		close(counts)
	}()
	primes, done := 0, 0
	for count := range counts {
		primes += count
		done++
		fmt.Fprintf(w, "%d of %d done\n", done, shares)
	}
	if err := group.Wait(); err != nil {
		return err // some are missing
	}
	fmt.Fprintln(w, primes, "primes")
	return nil
}
