package main

import (
	"context"
	"fmt"
	"io"
	"sync"
)

// In Go each of the three needs something.
func whyAtAll(_ context.Context, w io.Writer) error {
	// A counter: a lock, or an atomic.Int64.
	var lock sync.Mutex
	sold := 0
	inTwoGoroutines(func(int) {
		lock.Lock()
		defer lock.Unlock()
		sold++
	})
	fmt.Fprintln(w, "sales, counted under a lock:", sold)

	// A slice: a lock.
	var orders []int
	inTwoGoroutines(func(number int) {
		lock.Lock()
		defer lock.Unlock()
		orders = append(orders, number)
	})
	fmt.Fprintln(w, "orders, appended:", len(orders))

	// A map: a lock, or a sync.Map, which has its own.
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
