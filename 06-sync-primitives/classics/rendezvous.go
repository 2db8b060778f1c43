package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"concurrency-notebook/06-sync-primitives/primitive"
)

func rendezvous(ctx context.Context, w io.Writer) error {
	patience, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	fmt.Fprintln(w, "wait, then signal:", climb(func(iAmHere, sheIsHere *primitive.Semaphore) error {
		if err := sheIsHere.Acquire(patience); err != nil {
			return err // with a context that doesn't end, that's forever
		}
		iAmHere.Release(1)
		return nil
	}), "of 2 eat")
	fmt.Fprintln(w, "signal, then wait:", climb(func(iAmHere, sheIsHere *primitive.Semaphore) error {
		iAmHere.Release(1)
		return sheIsHere.Acquire(ctx)
	}), "of 2 eat")
	return ctx.Err()
}

// climb returns how many of the two have met the other.
func climb(meet func(iAmHere, sheIsHere *primitive.Semaphore) error) int64 {
	ada, grace := primitive.NewSemaphore(0), primitive.NewSemaphore(0)
	var met atomic.Int64
	var both sync.WaitGroup
	both.Go(func() {
		if meet(ada, grace) == nil {
			met.Add(1)
		}
	})
	both.Go(func() {
		if meet(grace, ada) == nil {
			met.Add(1)
		}
	})
	both.Wait()
	return met.Load()
}
