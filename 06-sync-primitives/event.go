package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
)

func event(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(context.Context) error {
		doorsOpen := make(chan struct{}) // closed when they do
		start := time.Now()

		var waited [3]time.Duration
		var guests sync.WaitGroup
		for i := range waited {
			guests.Go(func() {
				<-doorsOpen
				waited[i] = time.Since(start)
			})
		}
		time.Sleep(time.Hour)
		close(doorsOpen) // one act, and every guest goes in
		guests.Wait()
		fmt.Fprintln(w, "the guests waited", waited)

		// An event stays set: who comes late does not wait.
		late := time.Now()
		<-doorsOpen
		fmt.Fprintln(w, "a late guest waited", time.Since(late))
		return nil
	})
}

func releaseWaiters(ctx context.Context, lab *notebook.Lab) error {
	const waiters, threads = 1000, 100
	lab.Predict("one act releases all who wait: %d goroutines, %d threads of Python", waiters, threads)

	var released atomic.Int64
	went, err := lab.InTurn(ctx, measure.Variant{Name: "release", Run: func(context.Context) error {
		released.Store(0)
		event := make(chan struct{})
		var waiting, ended sync.WaitGroup
		waiting.Add(waiters)
		for range waiters {
			ended.Go(func() {
				waiting.Done()
				<-event
				released.Add(1)
			})
		}
		waiting.Wait()
		close(event)
		ended.Wait()
		return nil
	}})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"waiters": threads})

	lab.Show("Go", "µs a waiter, from its start to its end", went.Estimate("release").Times(1e6/waiters))
	lab.Show("CPython", "µs a waiter, from its start to its end", twin.Estimate("release").Times(1e6/threads))
	if freed := twin.Estimate("released"); freed.N == 0 {
		lab.Judge("6.12", notebook.CPython, measure.Cannot("%s", freed.Missing))
	} else {
		lab.Judge("6.12", notebook.CPython, measure.Fact(freed.Median == threads, "one set released %.0f of %d", freed.Median, threads))
	}
	lab.Judge("6.12", notebook.Go, measure.Fact(released.Load() == waiters, "one close released %d of %d", released.Load(), waiters))
	return nil
}
