package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"concurrency-notebook/04-async/eventloop"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// takeOrder awaits three times: a socket, a clock, another coroutine.
func takeOrder(co *eventloop.Coroutine, guest *eventloop.Stream, say func(string)) error {
	order := make([]byte, 4)
	if _, err := guest.ReadFull(co, order); err != nil {
		return err
	}
	say("woken by a socket: " + string(order))

	if err := eventloop.Sleep(co, time.Millisecond); err != nil {
		return err
	}
	say("woken by the clock")

	cook := eventloop.Go(co, func(co *eventloop.Coroutine) (string, error) {
		say("  the cook begins, now that the waiter waits")
		return string(order) + " is ready", nil
	})
	say("a task is made, and has not begun")
	dish, err := eventloop.Await(co, cook)
	say("woken by a task: " + dish)
	return err
}

func coroutines(ctx context.Context, w io.Writer) error {
	return serveOne(ctx, func(what string) { fmt.Fprintln(w, what) })
}

func serveOne(ctx context.Context, say func(string)) error {
	return eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
		door, err := eventloop.Listen(co, "127.0.0.1:0")
		if err != nil {
			return err
		}
		waiter := eventloop.Go(co, func(co *eventloop.Coroutine) (struct{}, error) {
			guest, err := door.Accept(co)
			if err != nil {
				return struct{}{}, err
			}
			return struct{}{}, takeOrder(co, guest, say)
		})
		guest, err := eventloop.Dial(co, door.Addr().String())
		if err != nil {
			return err
		}
		if _, err := guest.Write(co, []byte("soup")); err != nil {
			return err
		}
		_, err = eventloop.Await(co, waiter)
		return err
	})
}

func countWakeUps(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("a coroutine that awaits a socket, the clock and a task is woken by each of them, in this order")
	want := []string{"a socket", "the clock", "a task"}
	var went measure.Samples
	for range lab.Rounds() {
		var woken []string
		err := serveOne(ctx, func(what string) {
			if by, ok := strings.CutPrefix(what, "woken by "); ok {
				by, _, _ = strings.Cut(by, ":")
				woken = append(woken, by)
			}
		})
		if err != nil {
			return err
		}
		asPredicted := 0.0
		if slices.Equal(woken, want) {
			asPredicted = 1
		}
		went.Add("woken", asPredicted)
	}
	twin := lab.Twin(ctx, nil)
	judge := func(of notebook.Subject, s measure.Samples) {
		woken, rounds := s.Count("woken")
		if rounds == 0 {
			lab.Judge("4.7", of, measure.Cannot("%s", s.Estimate("woken").Missing))
			return
		}
		lab.Judge("4.7", of, measure.Fact(woken == rounds, "woken by a socket, the clock and another task, in this order, in %d of %d rounds", woken, rounds))
	}
	judge(notebook.CPython, twin)
	judge(notebook.Go, went)
	return nil
}
