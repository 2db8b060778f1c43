package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
)

func whyAtAll(_ context.Context, w io.Writer) error {
	// Read, add, write, until some are lost. (The counter is atomic,
	// so that the race detector stays quiet. It's just wrong.)
	var counted atomic.Int64
	expected := 0
	for int(counted.Load()) == expected {
		inTwoGoroutines(func(int) {
			before := counted.Load()
			runtime.Gosched() // the other one's turn may come anywhere
			counted.Store(before + 1)
		})
		expected += 2000
	}
	fmt.Fprintln(w, "sales, counted without a lock: some are lost")

	// A counter needs a lock, or is an atomic.Int64 to which you Add.
	var lock sync.Mutex
	sold := 0
	inTwoGoroutines(func(int) {
		lock.Lock()
		defer lock.Unlock()
		sold++
	})
	fmt.Fprintln(w, "sales, counted under a lock:", sold)

	// A slice needs a lock.
	var orders []int
	inTwoGoroutines(func(number int) {
		lock.Lock()
		defer lock.Unlock()
		orders = append(orders, number)
	})
	fmt.Fprintln(w, "orders, appended:", len(orders))

	// So does a map, or it is a sync.Map, which has its own.
	var seats sync.Map
	inTwoGoroutines(func(number int) { seats.Store(number, "taken") })
	taken := 0
	for range seats.Range {
		taken++
	}
	fmt.Fprintln(w, "seats, written to a map:", taken)
	return nil
}

// inTwoGoroutines does the job a thousand times in each of them.
func inTwoGoroutines(job func(number int)) {
	var clerks sync.WaitGroup
	for range 2 {
		clerks.Go(func() {
			for number := range 1000 {
				job(number)
			}
		})
	}
	clerks.Wait()
}
