package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// send waits until there's room, or until ctx ends.
func send[T any](ctx context.Context, to chan<- T, item T) error {
	select {
	case to <- item:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func uploadAll(
	ctx context.Context, photos iter.Seq[int],
	upload func(context.Context, int) error,
) error {
	large, small := make(chan int, 1), make(chan int, 1)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(large) // the next stage ends, too
		for photo := range photos {
			if err := send(ctx, large, photo); err != nil {
				return err
			}
		}
		return nil
	})
	group.Go(func() error {
		defer close(small)
		for photo := range large { // shrink it here
			if err := send(ctx, small, photo); err != nil {
				return err
			}
		}
		return nil
	})
	for range 2 { // two uploads at once
		group.Go(func() error {
			for photo := range small {
				if err := upload(ctx, photo); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

func pipeline(ctx context.Context, w io.Writer) error {
	var up atomic.Int64
	upload := func(ctx context.Context, _ int) error {
		select { // put your upload here
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		up.Add(1)
		return nil
	}
	photos := slices.Values([]int{1, 2, 3, 4, 5})
	err := uploadAll(ctx, photos, upload)
	fmt.Fprintln(w, up.Load(), "photos are up")
	return err
}
