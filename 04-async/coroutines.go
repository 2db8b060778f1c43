package main

import (
	"context"
	"fmt"
	"io"
	"slices"
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

// wakeThree lets three coroutines wait at the same time, for a task, the
// clock and a socket, and returns in which order they were woken: what the
// task does takes longest, and the byte comes first.
func wakeThree(ctx context.Context) (woken []string, err error) {
	const pause = 2 * time.Millisecond
	return woken, eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
		door, err := eventloop.Listen(co, "127.0.0.1:0")
		if err != nil {
			return err
		}
		guest, err := eventloop.Dial(co, door.Addr().String())
		if err != nil {
			return err
		}
		table, err := door.Accept(co)
		if err != nil {
			return err
		}
		sleep := func(co *eventloop.Coroutine) (struct{}, error) { return struct{}{}, eventloop.Sleep(co, 3*pause) }
		return eventloop.InGroup(co, func(g *eventloop.Group) error {
			for _, wait := range []struct {
				by   string
				wait func(co *eventloop.Coroutine) error
			}{
				{"a task", func(co *eventloop.Coroutine) error {
					_, err := eventloop.Await(co, eventloop.Go(co, sleep))
					return err
				}},
				{"the clock", func(co *eventloop.Coroutine) error { return eventloop.Sleep(co, 2*pause) }},
				{"a socket", func(co *eventloop.Coroutine) error {
					_, err := table.ReadFull(co, make([]byte, 1))
					return err
				}},
			} {
				g.Go(func(co *eventloop.Coroutine) error {
					err := wait.wait(co)
					woken = append(woken, wait.by)
					return err
				})
			}
			if err := eventloop.Sleep(co, pause); err != nil {
				return err
			}
			_, err := guest.Write(co, []byte("!"))
			return err
		})
	})
}

func countWakeUps(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("three coroutines that wait at the same time, for a task of 6 ms, the clock after 4 ms and a byte after 2 ms, are woken in the opposite order")
	want := []string{"a socket", "the clock", "a task"}
	var went measure.Samples
	for range lab.Rounds() {
		woken, err := wakeThree(ctx)
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
		verdict := measure.Fact(2*woken > rounds, "woken by a socket, the clock and a task, in this order, in %d of %d rounds", woken, rounds)
		verdict.Timed = true // on a busy machine two of them may be late together
		lab.Judge("4.7", of, verdict)
	}
	judge(notebook.CPython, twin)
	judge(ourLoop, went)
	return nil
}
