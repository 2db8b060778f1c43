package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"concurrency-notebook/04-async/eventloop"
)

// A bell has rung once it is closed.
type bell chan struct{}

// knead blocks until the bell has rung, or patience is over.
func (b bell) knead(patience time.Duration) (string, error) {
	select {
	case <-b:
		return "rang", nil
	case <-time.After(patience):
		return "was silent", nil
	}
}

func (b bell) ring(*eventloop.Coroutine) (struct{}, error) {
	close(b)
	return struct{}{}, nil
}

func neverBlock(ctx context.Context, w io.Writer) error {
	return eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
		b := make(bell)
		ringing := eventloop.Go(co, b.ring) // as soon as it can run
		heard, _ := b.knead(50 * time.Millisecond)
		fmt.Fprintln(w, "in a coroutine: the bell", heard)
		if _, err := eventloop.Await(co, ringing); err != nil {
			return err
		}

		b = make(bell)
		eventloop.Go(co, b.ring)
		heard, err := eventloop.ToThread(co, func() (string, error) {
			return b.knead(time.Minute)
		})
		fmt.Fprintln(w, "in a thread: the bell", heard)
		return err
	})
}
