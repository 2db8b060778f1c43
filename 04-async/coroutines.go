package main

import (
	"context"
	"fmt"
	"io"

	"concurrency-notebook/04-async/eventloop"
)

// othersRan awaits something, and tells whether anything else ran
// meanwhile.
func othersRan(co *eventloop.Coroutine, await func() error) (bool, error) {
	ran := false
	co.Loop().CallSoon(func() { ran = true })
	err := await()
	return ran, err
}

func chop(*eventloop.Coroutine) (string, error) {
	return "onions", nil
}

func coroutines(ctx context.Context, w io.Writer) error {
	return eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
		finished := eventloop.Go(co, chop)
		if _, err := eventloop.Await(co, finished); err != nil {
			return err
		}
		var full eventloop.Queue[string]
		if err := full.Put(co, "soup"); err != nil {
			return err
		}
		for _, thing := range []struct {
			name  string
			await func() error
		}{
			{"a sleep of 0", func() error {
				return eventloop.Sleep(co, 0)
			}},
			{"a task that has just been made", func() error {
				_, err := eventloop.Await(co, eventloop.Go(co, chop))
				return err
			}},
			{"a task that has ended", func() error {
				_, err := eventloop.Await(co, finished)
				return err
			}},
			{"a queue that has something", func() error {
				_, err := full.Get(co)
				return err
			}},
			{"a coroutine that doesn't wait", func() error {
				_, err := chop(co)
				return err
			}},
		} {
			ran, err := othersRan(co, thing.await)
			if err != nil {
				return err
			}
			who := "nobody else ran"
			if ran {
				who = "others ran"
			}
			fmt.Fprintf(w, "%s: %s\n", thing.name, who)
		}
		return nil
	})
}
