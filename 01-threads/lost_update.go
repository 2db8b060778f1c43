package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

func lostUpdate(_ context.Context, w io.Writer) error {
	// Both goroutines read the counter before one of them writes it.
	// (Atomic, so that the race detector stays quiet: this is
	// not a data race. It's just wrong.)
	var sold atomic.Int64
	var bothHaveRead, wg sync.WaitGroup
	bothHaveRead.Add(2)
	for range 2 {
		wg.Go(func() {
			seen := sold.Load()
			bothHaveRead.Done()
			bothHaveRead.Wait()
			sold.Store(seen + 1)
		})
	}
	wg.Wait()
	fmt.Fprintln(w, "read, then write:", sold.Load(), "sold")

	// A lock makes one step of reading and writing.
	var lock sync.Mutex
	tickets := 0
	for range 2 {
		wg.Go(func() {
			lock.Lock()
			defer lock.Unlock()
			tickets++
		})
	}
	wg.Wait()
	fmt.Fprintln(w, "under a lock:    ", tickets, "sold")
	return nil
}
