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

// An errand is a number of requests, made one after another.
type errand struct {
	URL   string
	Times int
}

func fetch(ctx context.Context, e errand) (answers int, err error) {
	for range e.Times {
		if err := workload.Fetch(ctx, e.URL); err != nil {
			return 0, err
		}
	}
	return e.Times, nil
}

var fetchInWorker = procpool.Define("fetch", func(e errand) (int, error) {
	return fetch(context.Background(), e)
})

func fetchInGoroutines(ctx context.Context, errands []errand) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, e := range errands {
		group.Go(func() error {
			_, err := fetch(ctx, e)
			return err
		})
	}
	return group.Wait()
}

// fetchInProcesses starts a worker for each errand.
func fetchInProcesses(ctx context.Context, errands []errand) error {
	pool, err := procpool.New(len(errands))
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = fetchInWorker.Map(ctx, pool, errands)
	return err
}

func ioBound(ctx context.Context, w io.Writer) error {
	const workers = 4
	site, err := workload.ServeTogether(workers)
	if err != nil {
		return err
	}
	defer site.Close()
	errands := slices.Repeat([]errand{{site.URL, 1}}, workers)

	if err := fetchInGoroutines(ctx, errands); err != nil {
		return err
	}
	fmt.Fprintln(w, "in one process: ", workers, "waited at the same time")
	if err := fetchInProcesses(ctx, errands); err != nil {
		return err
	}
	fmt.Fprintln(w, "in four of them:", workers, "waited at the same time")
	return nil
}
