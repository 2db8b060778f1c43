package main

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
)

func plusEquals(_ context.Context, w io.Writer) error {
	var sold atomic.Int64
	one := func() int64 { // is called after the read, and before the write
		inGoroutines(1, func() { sell(&sold, 100, func() int64 { return 1 }) })
		return 1
	}
	sell(&sold, 1, one)
	fmt.Fprintln(w, "101 tickets sold, the counter says", sold.Load())
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
