package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"concurrency-notebook/04-async/eventloop"
	"concurrency-notebook/internal/workload"
)

func mixed(ctx context.Context, w io.Writer) error {
	compute := func() (int, error) { return workload.CountPrimes(0, 1000), nil }
	inTheLoop := func(*eventloop.Coroutine) (int, error) { return compute() }
	inGoroutine := func(co *eventloop.Coroutine) (int, error) {
		return eventloop.ToThread(co, compute)
	}
	return errors.Join(
		serve(ctx, w, "computing in the loop:", inTheLoop),
		serve(ctx, w, "computing elsewhere:  ", inGoroutine))
}

func serve(ctx context.Context, w io.Writer, where string, compute func(*eventloop.Coroutine) (int, error)) error {
	answered := 0
	computation := func(co *eventloop.Coroutine) error {
		_, err := compute(co)
		fmt.Fprintln(w, where, answered, "of 2 requests were answered meanwhile")
		return err
	}
	answer := func(co *eventloop.Coroutine) (err error) {
		for range 2 {
			answered++
			err = errors.Join(err, eventloop.Sleep(co, 0)) // until the next one
		}
		return err
	}
	return eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
		return eventloop.InGroup(co, func(g *eventloop.Group) error {
			g.Go(computation)
			g.Go(answer)
			return nil
		})
	})
}
