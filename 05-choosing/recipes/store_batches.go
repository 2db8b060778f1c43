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
// It ends when the channel is closed and empty.
func batches[T any](
	items <-chan T, size int, within time.Duration,
) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		for first := range items {
			batch := []T{first}
			late := time.After(within) // from the first one on
			for open := true; open && len(batch) < size; {
				var item T
				select {
				case item, open = <-items:
					if open {
						batch = append(batch, item)
					}
				case <-late:
					open = false
				}
			}
			if !yield(batch) {
				return
			}
		}
	}
}

func storeBatches(_ context.Context, w io.Writer) error {
	rows := make(chan int, 100) // if it's full, a sender waits
	for row := range 5 {
		rows <- row + 1
	}
	late := 50 * time.Millisecond
	for batch := range batches(rows, 3, late) { // yours: 500, a second
		fmt.Fprintln(w, "stored:", strings.Trim(fmt.Sprint(batch), "[]"))
		if slices.Contains(batch, 5) {
			rows <- 6
			close(rows) // no more will come
		}
	}
	return nil
}
