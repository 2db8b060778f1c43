package main

import (
	"context"
	"fmt"
	"io"
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

func limitedTasks(ctx context.Context, w io.Writer) error {
	start := time.Now()
	fetch := func(ctx context.Context, page int) (string, error) {
		select {
		case <-time.After(time.Second): // put your request here
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
		after := time.Since(start).Seconds()
		return fmt.Sprintf("page %d came after %.0f s", page, after), nil
	}
	pages := []int{1, 2, 3, 4, 5, 6, 7}
	texts, err := atMost(ctx, 3, pages, fetch)
	for _, text := range texts {
		fmt.Fprintln(w, text)
	}
	return err
}
