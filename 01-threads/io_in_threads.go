package main

import (
	"context"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/internal/workload"
)

func ioInThreads(ctx context.Context, w io.Writer) error {
	// This server answers nobody until ten are waiting.
	const workers, each = 10, 4
	site, err := workload.ServeTogether(workers)
	if err != nil {
		return err
	}
	defer site.Close()
	if err := fetchInGoroutines(ctx, site.URL, workers, each); err != nil {
		return err
	}
	fmt.Fprintln(w, workers*each, "answers,", workers, "at a time")
	return nil
}

// fetch makes requests one after another.
func fetch(ctx context.Context, url string, times int) error {
	for range times {
		if err := workload.Fetch(ctx, url); err != nil {
			return err
		}
	}
	return nil
}

func fetchInGoroutines(ctx context.Context, url string, workers, each int) error {
	group, ctx := errgroup.WithContext(ctx)
	for range workers {
		group.Go(func() error { return fetch(ctx, url, each) })
	}
	return group.Wait()
}
