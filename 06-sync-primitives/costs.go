package main

import (
	"context"
	"fmt"
	"io"
	"testing"

	"concurrency-notebook/06-sync-primitives/primitive"
)

// A path is what a primitive is asked to do, n times, when nobody is
// in its way.
type path struct {
	name string
	do   func(n int)
}

func uncontended(ctx context.Context) []path {
	var slots primitive.Semaphore
	var bounded primitive.BoundedSemaphore
	var lock primitive.RLock
	var owner primitive.Owner
	var doorsOpen primitive.Event
	var filled primitive.Condition
	var orders primitive.Queue[int]
	alone := primitive.NewBarrier(1, nil)
	return []path{
		{"Semaphore", func(n int) {
			for range n {
				slots.Acquire(ctx)
				slots.Release(1)
			}
		}},
		{"BoundedSemaphore", func(n int) {
			for range n {
				bounded.Acquire(ctx)
				bounded.Release(1)
			}
		}},
		{"RLock", func(n int) {
			for range n {
				lock.Acquire(ctx, &owner)
				lock.Release(&owner)
			}
		}},
		{"Event", func(n int) {
			for range n {
				doorsOpen.Set()
				doorsOpen.Wait(ctx)
				doorsOpen.Clear()
			}
		}},
		{"Condition", func(n int) {
			for range n {
				filled.Lock()
				filled.Notify(1)
				filled.Unlock()
			}
		}},
		{"Barrier", func(n int) {
			for range n {
				alone.Wait(ctx)
			}
		}},
		{"Queue", func(n int) {
			for i := range n {
				orders.Put(ctx, i)
				orders.Get(ctx)
			}
		}},
	}
}

func costs(ctx context.Context, w io.Writer) error {
	for _, path := range uncontended(ctx) {
		fmt.Fprintf(w, "%-17s%v allocations\n", path.name, allocations(path))
	}
	return nil
}

// allocations returns how often the path allocates memory in 1,000 times, after
// a first 1,000, and rounded down to a whole number.
func allocations(path path) float64 {
	return testing.AllocsPerRun(10, func() { path.do(1000) })
}
