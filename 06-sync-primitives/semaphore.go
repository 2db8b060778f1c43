package main

import (
	"context"
	"fmt"
	"io"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"concurrency-notebook/06-sync-primitives/primitive"
)

func limitWithSemaphore(ctx context.Context, w io.Writer) error {
	slots := semaphore.NewWeighted(3)
	threeAreInside := primitive.NewBarrier(3, nil) // nobody leaves before that
	most, err := mostInside(ctx, slots, 12, func(ctx context.Context) error {
		_, err := threeAreInside.Wait(ctx)
		return err
	})
	fmt.Fprintln(w, "inside at once:", most)

	defer func() {
		if recover() != nil {
			fmt.Fprintln(w, "released once too often: refused")
		}
	}()
	slots.Release(1) // panics
	return err
}

// mostInside lets the clients in, and returns how many were inside at
// most.
func mostInside(ctx context.Context, slots *semaphore.Weighted, clients int, visit func(context.Context) error) (most int, err error) {
	var counting sync.Mutex
	inside := 0
	enter := func(by int) {
		counting.Lock()
		defer counting.Unlock()
		inside += by
		most = max(most, inside)
	}
	group, ctx := errgroup.WithContext(ctx)
	for range clients {
		group.Go(func() error {
			if err := slots.Acquire(ctx, 1); err != nil {
				return err // the context has ended: it doesn't wait any longer
			}
			defer slots.Release(1)
			enter(+1)
			defer enter(-1)
			return visit(ctx)
		})
	}
	err = group.Wait()
	return most, err
}
