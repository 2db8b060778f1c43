package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/semaphore"

	"concurrency-notebook/internal/workload"
)

func waitWithContext(ctx context.Context, w io.Writer) error {
	orders, stove := make(chan string), semaphore.NewWeighted(1)
	stove.TryAcquire(1)                    // it's taken
	site, err := workload.ServeTogether(2) // so it never answers one
	if err != nil {
		return err
	}
	defer site.Close()

	ctx, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	select {
	case <-orders:
	case <-ctx.Done():
		fmt.Fprintln(w, "an order: given up")
	}
	if stove.Acquire(ctx, 1) != nil {
		fmt.Fprintln(w, "a stove: given up")
	}
	if site.Fetch(ctx) != nil {
		fmt.Fprintln(w, "an answer: given up")
	}
	return nil
}
