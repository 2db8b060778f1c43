package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

func seenByAll(_ context.Context, w io.Writer) error {
	var wg sync.WaitGroup
	defer wg.Wait()

	// An atomic flag: what was written before Store is seen after
	// a Load that returns true.
	var dish string
	var ready atomic.Bool
	wg.Go(func() {
		dish = "soup"
		ready.Store(true)
	})
	for !ready.Load() { // this loop burns a CPU
	}
	fmt.Fprintln(w, "told by a flag: ", dish)

	// A channel is Go's queue, and waiting for it costs nothing.
	dishes := make(chan string)
	wg.Go(func() { dishes <- "cake" })
	fmt.Fprintln(w, "through a queue:", <-dishes)
	return nil
}
