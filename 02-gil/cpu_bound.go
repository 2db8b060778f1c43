package main

import (
	"context"
	"fmt"
	"io"
	"sync"
)

func cpuBound(_ context.Context, w io.Writer) error {
	const turns = 3_000_000
	for _, n := range []int{1, 2, 4} {
		inGoroutines(n, func() { countDown(turns / n) })
		fmt.Fprintf(w, "%d turns in each of %d\n", turns/n, n)
	}
	return nil
}

func countDown(turns int) {
	for turns > 0 {
		turns--
	}
}

// inGoroutines runs a job in n goroutines at once, and waits for all
// of them.
func inGoroutines(n int, job func()) {
	var wg sync.WaitGroup
	for range n {
		wg.Go(job)
	}
	wg.Wait()
}
