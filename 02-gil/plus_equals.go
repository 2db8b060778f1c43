package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

func plusEquals(_ context.Context, w io.Writer) error {
	var bothHaveRead sync.WaitGroup
	bothHaveRead.Add(2)
	one := func() int64 { // comes after the read, and before the write
		bothHaveRead.Done()
		bothHaveRead.Wait()
		return 1
	}
	var sold atomic.Int64
	inGoroutines(2, func() { sell(&sold, 1, one) })
	fmt.Fprintln(w, "two tickets sold, the counter says", sold.Load())
	return nil
}

// sell reads, adds and writes, as += does. (Each access is atomic, so
// this is no data race; it's just wrong.)
func sell(sold *atomic.Int64, times int, one func() int64) {
	for range times {
		seen := sold.Load()
		sold.Store(seen + one())
	}
}
