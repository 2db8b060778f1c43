package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"concurrency-notebook/04-async/eventloop"
	"concurrency-notebook/internal/virtual"
)

func costs(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(ctx context.Context) error {
		loop := &eventloop.Loop{Portable: true} // it waits in virtual time
		start, awake := time.Now(), 0
		err := loop.Run(ctx, func(co *eventloop.Coroutine) error {
			return eventloop.InGroup(co, func(g *eventloop.Group) error {
				for range 1000 {
					g.Go(func(co *eventloop.Coroutine) error {
						err := eventloop.Sleep(co, time.Hour)
						awake++
						return err
					})
				}
				return nil
			})
		})
		fmt.Fprintln(w, awake, "coroutines of one loop slept", time.Since(start))
		return err
	})
}
