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

	// In Go a flag has to be atomic. What was written before Store is
	// seen after a Load that returns true. This loop burns a CPU, too.
	var dish string
	var ready atomic.Bool
	wg.Go(func() {
		dish = "soup"
		ready.Store(true)
	})
	for !ready.Load() {
	}
	fmt.Fprintln(w, "by a flag:  ", dish)

	// A channel that gets closed is Go's event.
	happened := make(chan struct{})
	wg.Go(func() {
		dish = "cake"
		close(happened)
	})
	<-happened
	fmt.Fprintln(w, "by an event:", dish)

	// A channel is also Go's queue.
	dishes := make(chan string)
	wg.Go(func() { dishes <- "tea" })
	fmt.Fprintln(w, "by a queue: ", <-dishes)
	return nil
}
