package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
)

func event(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(ctx context.Context) error {
		openDoors(ctx, w)
		pulse(ctx, w)
		closeTwice(w)
		return nil
	})
}

func openDoors(ctx context.Context, w io.Writer) {
	var doorsOpen primitive.Event
	start := time.Now()

	var waited [3]time.Duration
	var guests sync.WaitGroup
	for i := range waited {
		guests.Go(func() {
			if doorsOpen.Wait(ctx) == nil {
				waited[i] = time.Since(start)
			}
		})
	}
	time.Sleep(time.Hour)
	doorsOpen.Set() // one act, and every guest goes in
	guests.Wait()
	fmt.Fprintln(w, "the guests waited", waited)

	// An event stays set: who comes late does not wait.
	late := time.Now()
	if doorsOpen.Wait(ctx) == nil {
		fmt.Fprintln(w, "a late guest waited", time.Since(late))
	}
}

// pulse opens the doors and closes them at once, while guests wait.
func pulse(ctx context.Context, w io.Writer) {
	var doors primitive.Event
	n := letIn(3, func() bool { return doors.Wait(ctx) == nil },
		func() { doors.Set(); doors.Clear() }, doors.Set)
	fmt.Fprintln(w, "set and cleared:", n, "of 3 go in")

	// The same as a flag, asked again by whoever is woken.
	var mu sync.Mutex
	changed, open := sync.NewCond(&mu), false
	put := func(now bool) {
		mu.Lock()
		defer mu.Unlock()
		open = now
		changed.Broadcast()
	}
	n = letIn(3, func() bool {
		mu.Lock()
		defer mu.Unlock()
		for !open {
			changed.Wait()
		}
		return true
	}, func() { put(true); put(false) }, func() { put(true) })
	fmt.Fprintln(w, "a flag in a loop:", n, "of 3 go in")
}

// letIn lets so many guests wait, and returns how many have gone in
// after the pulse. Then it opens for good, so that none is left.
func letIn(guests int, wait func() bool, pulse, open func()) int {
	var in atomic.Int64
	var all sync.WaitGroup
	for range guests {
		all.Go(func() {
			if wait() {
				in.Add(1)
			}
		})
	}
	time.Sleep(time.Hour) // all of them wait
	pulse()
	time.Sleep(time.Hour) // all that can go on have gone on
	n := in.Load()
	open()
	all.Wait()
	return int(n)
}

// closeTwice shows the limits of the usual event of Go.
func closeTwice(w io.Writer) {
	doorsOpen := make(chan struct{})
	close(doorsOpen)
	<-doorsOpen // as often as one likes
	defer func() { fmt.Fprintln(w, "a channel, closed twice:", recover()) }()
	close(doorsOpen)
}

func releaseWaiters(ctx context.Context, lab *notebook.Lab) error {
	const waiters, threads = 1000, 100
	lab.Predict("one act releases all who wait, %d goroutines or %d threads of Python, even if it is taken back at once", waiters, threads)

	var released, let atomic.Int64
	release := func(act func(*primitive.Event), count *atomic.Int64) func(context.Context) error {
		return func(ctx context.Context) error {
			count.Store(0)
			var doorsOpen primitive.Event
			var waiting, ended sync.WaitGroup
			waiting.Add(waiters)
			for range waiters {
				ended.Go(func() {
					opened := doorsOpen.Done() // from here on it waits
					waiting.Done()
					select {
					case <-opened:
						count.Add(1)
					case <-ctx.Done():
					}
				})
			}
			waiting.Wait()
			act(&doorsOpen)
			ended.Wait()
			return ctx.Err()
		}
	}
	_, err := lab.InTurn(ctx,
		measure.Variant{Name: "release", Run: release((*primitive.Event).Set, &released)},
		measure.Variant{Name: "pulse", Run: release(func(e *primitive.Event) { e.Set(); e.Clear() }, &let)})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"waiters": threads})

	lab.Judge("6.12", notebook.Go, measure.Fact(released.Load() == waiters, "one Set of a primitive.Event released %d of %d", released.Load(), waiters))
	lab.Judge("6.16", notebook.Go, measure.Fact(let.Load() == waiters, "a primitive.Event, set and cleared, released %d of %d", let.Load(), waiters))
	of := func(claim, name, format string) {
		if freed := twin.Estimate(name); freed.N == 0 {
			lab.Judge(claim, notebook.CPython, measure.Cannot("%s", freed.Missing))
		} else {
			lab.Judge(claim, notebook.CPython, measure.Fact(freed.Low == threads, format, freed.Low, threads))
		}
	}
	of("6.12", "released", "one set released %.0f of %d")
	of("6.16", "let in", "set and cleared, it released %.0f of %d")
	return nil
}
