package main

import (
	"context"
	"fmt"
	"io"
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

func pipeline(ctx context.Context, w io.Writer) error {
	large, small := make(chan int, 1), make(chan int, 1)
	var opened atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(large) // the next stage ends, too
		for photo := range 7 {
			opened.Add(1)
			if err := send(ctx, large, photo+1); err != nil {
				return err
			}
		}
		return nil
	})
	group.Go(func() error {
		defer close(small)
		for photo := range large {
			if err := send(ctx, small, photo); err != nil { // shrunk
				return err
			}
		}
		return nil
	})
	group.Go(func() error {
		for photo := range small {
			time.Sleep(time.Second) // the upload is slow
			fmt.Fprintf(w, "photo %d is up, %d were opened\n",
				photo, opened.Load())
		}
		return nil
	})
	return group.Wait()
}
