package main

import (
	"context"
	"fmt"
	"io"
	"time"
)

func prefetch(ctx context.Context, w io.Writer) error {
	for _, atOnce := range []int{8, 1} {
		runs, err := share8(ctx, atOnce)
		if err != nil {
			return err
		}
		fmt.Fprintln(w, "taken", atOnce, "at a time: 8 tasks are run", runs, "times")
	}
	return nil
}

// share8 gives eight tasks to two workers, of which the first takes so many at
// once. It returns how often a task was run.
func share8(ctx context.Context, atOnce int) (runs int, err error) {
	q, err := openQueue(ctx, time.Second) // the lease
	if err != nil {
		return 0, err
	}
	defer q.close()
	if err := q.putOrders(ctx, 0, 8); err != nil {
		return 0, err
	}
	// part: pocket
	// A worker takes some tasks, and begins with the first. It sends
	// heartbeats for that one.
	pocket, err := take(q.tasks, atOnce)
	if err != nil {
		return 0, err
	}
	working, done := context.WithCancel(ctx)
	defer done()
	go sendHeartbeats(working, pocket[0], 100*time.Millisecond)

	// Another worker is free, takes one at a time, and does it at
	// once: what's left, and those whose lease is over.
	for range 7 {
		task, err := q.tasks.Next()
		if err != nil {
			return runs, err
		}
		runs++
		if err := task.DoubleAck(ctx); err != nil {
			return runs, err
		}
	}

	// Now the first one does the rest of what it took.
	for _, task := range pocket {
		runs++
		if err := task.DoubleAck(ctx); err != nil {
			return runs, err
		}
	}
	// part: end
	return runs, nil
}
