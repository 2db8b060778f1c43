package main

import (
	"context"
	"fmt"
	"io"
	"iter"

	"golang.org/x/sync/errgroup"
)

type result[R any] struct {
	value R
	err   error
}

// inOrder works on some items at a time. It yields the results in the
// order of the items, each as soon as those before it are there.
func inOrder[T, R any](
	ctx context.Context, atOnce int, items []T,
	work func(context.Context, T) (R, error),
) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		var group errgroup.Group
		defer group.Wait()
		defer stop() // if the loop is left early
		line := make(chan chan result[R], atOnce-1)
		group.Go(func() error {
			defer close(line)
			for _, item := range items {
				slot := make(chan result[R], 1)
				select {
				case line <- slot:
				case <-ctx.Done():
					return nil
				}
				group.Go(func() error {
					value, err := work(ctx, item)
					slot <- result[R]{value, err}
					return nil
				})
			}
			return nil
		})
		for slot := range line {
			if r := <-slot; !yield(r.value, r.err) {
				return
			}
		}
		if err := context.Cause(ctx); err != nil { // some are missing
			var none R
			yield(none, err)
		}
	}
}

func keepOrder(ctx context.Context, w io.Writer) error {
	secondIsDone := make(chan struct{})
	square := func(ctx context.Context, n int) (int, error) {
		switch n { // the second is done before the first
		case 1:
			select {
			case <-secondIsDone:
			case <-ctx.Done():
				return 0, context.Cause(ctx)
			}
		case 2:
			close(secondIsDone)
		}
		return n * n, nil
	}
	for square, err := range inOrder(ctx, 2, []int{1, 2, 3, 4}, square) {
		if err != nil {
			return err
		}
		fmt.Fprintln(w, square)
	}
	return nil
}
