package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"concurrency-notebook/02-gil/gil"
	"concurrency-notebook/internal/virtual"
)

func model(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(context.Context) error {
		for _, threads := range []int{1, 2, 4} {
			lock, err := gil.New(gil.DefaultInterval, nil)
			if err != nil {
				return err
			}
			start := time.Now()
			var wg sync.WaitGroup
			for range threads {
				wg.Go(func() { computeSteps(lock, 500/threads) })
			}
			wg.Wait()
			fmt.Fprintf(w, "a second's work, shared by %d: %v\n", threads, time.Since(start))
		}
		for _, patience := range []time.Duration{5 * time.Millisecond, 25 * time.Millisecond} {
			lock, err := gil.New(patience, nil)
			if err != nil {
				return err
			}
			var wg sync.WaitGroup
			wg.Go(func() { computeSteps(lock, 100) })
			fmt.Fprintf(w, "a ping, switch interval %v: %v\n", patience, waitForPing(lock))
			wg.Wait()
		}
		return nil
	})
}

// computeSteps makes steps of 2 ms under the lock.
func computeSteps(lock *gil.GIL, steps int) {
	thread := lock.Thread("computes")
	thread.Run(func() {
		thread.Compute(steps, func() { time.Sleep(2 * time.Millisecond) })
	})
}

// waitForPing lets go of the lock until a message comes, and
// returns how long it then waits to have it again.
func waitForPing(lock *gil.GIL) time.Duration {
	thread := lock.Thread("answers")
	time.Sleep(time.Millisecond / 2) // the other one comes first
	var came time.Time
	thread.Run(func() {
		thread.Block(func() {
			time.Sleep(100 * time.Millisecond)
			came = time.Now()
		})
	})
	return time.Since(came)
}
