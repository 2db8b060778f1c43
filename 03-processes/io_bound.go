package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/workload"
)

var fetch = procpool.Define("fetch", func(url string) (bool, error) {
	return true, workload.Fetch(context.Background(), url)
})

func fetchInGoroutines(ctx context.Context, url string, times int) error {
	group, ctx := errgroup.WithContext(ctx)
	for range times {
		group.Go(func() error { return workload.Fetch(ctx, url) })
	}
	return group.Wait()
}

func fetchInProcesses(ctx context.Context, url string, times int) error {
	pool, err := procpool.New(times)
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = fetch.Map(ctx, pool, slices.Repeat([]string{url}, times))
	return err
}

func ioBound(ctx context.Context, w io.Writer) error {
	const guests = 4
	site, err := workload.ServeTogether(guests)
	if err != nil {
		return err
	}
	defer site.Close()

	if err := fetchInGoroutines(ctx, site.URL, guests); err != nil {
		return err
	}
	fmt.Fprintln(w, "in one process: ", guests, "waited at the same time")
	if err := fetchInProcesses(ctx, site.URL, guests); err != nil {
		return err
	}
	fmt.Fprintln(w, "in four of them:", guests, "waited at the same time")
	return nil
}
