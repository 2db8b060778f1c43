package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"concurrency-notebook/04-async/eventloop"
)

// cookTogether lets two tasks make three steps each.
func cookTogether(
	ctx context.Context, adaAwaits bool,
) (turns []string, err error) {
	err = eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
		return eventloop.InGroup(co, func(g *eventloop.Group) error {
			cook := func(name string, awaits bool) {
				g.Go(func(co *eventloop.Coroutine) error {
					for range 3 {
						turns = append(turns, name)
						if awaits {
							_ = eventloop.Sleep(co, 0)
						}
					}
					return nil
				})
			}
			cook("Ada", adaAwaits)
			cook("Bob", true)
			return nil
		})
	})
	return turns, err
}

// spinUntilTold has one processor, and a goroutine on it that never
// waits. If it were never interrupted, nobody could tell it to stop.
func spinUntilTold() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var told atomic.Bool
	spins := make(chan struct{})
	var ada sync.WaitGroup
	ada.Go(func() {
		close(spins)
		for !told.Load() {
		}
	})
	<-spins
	told.Store(true)
	ada.Wait()
}

func oneWorld(ctx context.Context, w io.Writer) error {
	turns, err := cookTogether(ctx, true)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "tasks, Ada awaits:", strings.Join(turns, " "))
	if turns, err = cookTogether(ctx, false); err != nil {
		return err
	}
	fmt.Fprintln(w, "tasks, she doesn't:", strings.Join(turns, " "))
	spinUntilTold()
	fmt.Fprintln(w, "not tasks: Ada was interrupted")
	return nil
}
