package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
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
	group.Go(func() error {
		for photo := range small {
			if err := upload(ctx, photo); err != nil {
				return err
			}
		}
		return nil
	})
	return group.Wait()
}

func pipeline(ctx context.Context, w io.Writer) error {
	upload := func(ctx context.Context, photo int) error {
		select { // put your upload here
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		fmt.Fprintf(w, "photo %d is up\n", photo)
		return nil
	}
	return uploadAll(ctx, slices.Values([]int{1, 2, 3, 4, 5}), upload)
}
