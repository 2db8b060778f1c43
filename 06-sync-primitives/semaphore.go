package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
	"concurrency-notebook/internal/workload"
)

func limitWithSemaphore(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(ctx context.Context) error {
		connections := semaphore.NewWeighted(3)
		start := time.Now()
		group, ctx := errgroup.WithContext(ctx)
		for range 10 {
			group.Go(func() error {
				if err := connections.Acquire(ctx, 1); err != nil {
					return err
				}
				defer connections.Release(1)
				time.Sleep(time.Second) // the client uses its connection
				return nil
			})
		}
		err := group.Wait()
		fmt.Fprintln(w, "10 clients, 3 connections, 1s each:", time.Since(start))
		return err
	})
}

func compareLimits(ctx context.Context, lab *notebook.Lab) error {
	const requests, limit, delay = 12, 3, 5 * time.Millisecond
	const turns = requests / limit
	lab.Predict("%d requests, %d at a time, take %d/%d = %d times as long as all at once", requests, limit, requests, limit, turns)

	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	fetch := func(limit int64) func(context.Context) error {
		return func(ctx context.Context) error {
			connections := semaphore.NewWeighted(limit)
			group, ctx := errgroup.WithContext(ctx)
			for range requests {
				group.Go(func() error {
					if err := connections.Acquire(ctx, 1); err != nil {
						return err
					}
					defer connections.Release(1)
					return site.Fetch(ctx)
				})
			}
			return group.Wait()
		}
	}
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "limited", Run: fetch(limit)},
		measure.Variant{Name: "at once", Run: fetch(requests)})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"url": site.URL, "requests": requests, "limit": limit})

	judge := func(of notebook.Subject, samples measure.Samples) {
		ratio := samples.Ratio("limited", "at once")
		lab.Show(fmt.Sprintf("%s, %d at a time", of, limit), "x all at once", ratio, turns)
		lab.Judge("6.10", of, ratio.Decide(fmt.Sprintf("%d at a time / all at once", limit), turns, 1))
	}
	judge(notebook.CPython, twin)
	judge(notebook.Go, went)
	return nil
}
