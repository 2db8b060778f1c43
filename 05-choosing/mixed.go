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
	return errors.Join(
		serve(ctx, w, "computing in one go:  ", false),
		serve(ctx, w, "computing with pauses:", true))
}

func serve(ctx context.Context, w io.Writer, how string, pauses bool) error {
	answered := 0
	compute := func(co *eventloop.Coroutine) error {
		for range 3 {
			workload.CountPrimes(0, 1000)
			if !pauses {
				continue
			}
			if err := eventloop.Sleep(co, 0); err != nil { // let the others go on
				return err
			}
		}
		fmt.Fprintln(w, how, answered, "of 3 requests were answered meanwhile")
		return nil
	}
	answer := func(co *eventloop.Coroutine) error {
		for range 3 {
			answered++
			if err := eventloop.Sleep(co, 0); err != nil {
				return err
			}
		}
		return nil
	}
	return eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
		return eventloop.InGroup(co, func(g *eventloop.Group) error {
			g.Go(compute)
			g.Go(answer)
			return nil
		})
	})
}
