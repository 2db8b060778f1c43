package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"concurrency-notebook/04-async/eventloop"
)

func eventLoop(ctx context.Context, w io.Writer) error {
	return eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
		ours, theirs, err := connected(co)
		if err != nil {
			return err
		}
		return eventloop.InGroup(co, func(g *eventloop.Group) error {
			g.Go(func(co *eventloop.Coroutine) error {
				defer ours.Close()
				fmt.Fprintln(w, "the waiter waits for a socket")
				order := make([]byte, 4)
				_, err := ours.ReadFull(co, order)
				fmt.Fprintln(w, "the waiter hears:", string(order))
				return err
			})
			g.Go(func(co *eventloop.Coroutine) error {
				defer theirs.Close()
				fmt.Fprintln(w, "the guest waits for the clock")
				err := eventloop.Sleep(co, 10*time.Millisecond)
				if err != nil {
					return err
				}
				fmt.Fprintln(w, "the guest orders")
				_, err = theirs.Write(co, []byte("soup"))
				return err
			})
			return nil
		})
	})
}

// connected returns the two ends of a connection.
func connected(
	co *eventloop.Coroutine,
) (a, b *eventloop.Stream, err error) {
	door, err := eventloop.Listen(co, "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	defer door.Close()
	if a, err = eventloop.Dial(co, door.Addr().String()); err != nil {
		return nil, nil, err
	}
	if b, err = door.Accept(co); err != nil {
		a.Close()
		return nil, nil, err
	}
	return a, b, nil
}
