package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"concurrency-notebook/04-async/eventloop"
)

func chop(*eventloop.Coroutine) (string, error) { return "onions", nil }

func coroutines(ctx context.Context, w io.Writer) error {
	return eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
		finished := eventloop.Go(co, chop)
		_, failed := eventloop.Await(co, finished)
		var full eventloop.Queue[string]
		failed = errors.Join(failed, full.Put(co, "soup"))

		// look tells whether anything else runs while await awaits.
		look := func(thing string, await func() (string, error)) {
			who := "nobody else ran"
			co.Loop().CallSoon(func() { who = "others ran" })
			_, err := await()
			failed = errors.Join(failed, err)
			fmt.Fprintf(w, "%s: %s\n", thing, who)
		}
		look("a sleep of 0", func() (string, error) {
			return "", eventloop.Sleep(co, 0)
		})
		look("a task that has just been made", func() (string, error) {
			return eventloop.Await(co, eventloop.Go(co, chop))
		})
		look("a task that has ended", func() (string, error) {
			return eventloop.Await(co, finished)
		})
		look("a queue that has something", func() (string, error) {
			return full.Get(co)
		})
		look("a coroutine that doesn't wait", func() (string, error) {
			return chop(co)
		})
		return failed
	})
}
