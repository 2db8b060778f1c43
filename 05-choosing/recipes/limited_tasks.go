package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// atMost works on so many items at a time. The results are in the
// items' order.
func atMost[T, R any](
	ctx context.Context, limit int, items []T,
	work func(context.Context, T) (R, error),
) ([]R, error) {
	results := make([]R, len(items))
	group, ctx := errgroup.WithContext(ctx) // an error stops the rest
	group.SetLimit(limit)
	for i, item := range items {
		group.Go(func() (err error) { // waits while so many are at work
			if err = ctx.Err(); err == nil { // else the rest isn't begun
				results[i], err = work(ctx, item)
			}
			return err
		})
	}
	return results, group.Wait()
}

func fetch(ctx context.Context, number int) (string, error) {
	select {
	case <-time.After(10 * time.Millisecond): // put your request here
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	return fmt.Sprint("page ", number), nil
}

func limitedTasks(ctx context.Context, w io.Writer) error {
	numbers := []int{1, 2, 3, 4, 5, 6, 7}
	pages, err := atMost(ctx, 3, numbers, fetch)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, strings.Join(pages, ", "))
	return nil
}
