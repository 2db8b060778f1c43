package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"
)

// batches yields slices: so many items, or what has come in that time.
// It ends when the channel is closed, or with ctx, and leaves nothing
// in the channel.
func batches[T any](
	ctx context.Context, items <-chan T, size int, within time.Duration,
) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		var batch []T
		var late <-chan time.Time
		for open, due := true, false; open; due = false {
			select {
			case item, more := <-items:
				if open = more; open {
					batch = append(batch, item)
				}
				if len(batch) == 1 { // from the first one on
					late = time.After(within)
				}
				due = len(batch) == size
			case <-late:
				due = true
			case <-ctx.Done():
				open = false
				for range len(items) {
					batch = append(batch, <-items)
				}
			}
			if !due && open {
				continue
			}
			for full := range slices.Chunk(batch, size) {
				if !yield(full) {
					return
				}
			}
			batch, late = nil, nil
		}
	}
}

func storeBatches(ctx context.Context, w io.Writer) error {
	rows := make(chan int, 100) // if it's full, a sender waits
	for row := range 5 {
		rows <- row + 1
	}
	late := 50 * time.Millisecond // yours: a second, and 500 rows
	for batch := range batches(ctx, rows, 3, late) {
		fmt.Fprintln(w, "stored:", strings.Trim(fmt.Sprint(batch), "[]"))
		if slices.Contains(batch, 5) {
			rows <- 6
			close(rows) // no more will come
		}
	}
	return context.Cause(ctx)
}
