package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"sort"
	"sync"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
	"concurrency-notebook/internal/workload"
)

// A coroutine is a function that can pause: with yield it hands
// the thread back, and says how long it wants to sleep.
type coroutine = iter.Seq[time.Duration]

// A loop runs coroutines on one thread, each when its time has
// come.
type loop struct{ timers []timer }

type timer struct {
	at     time.Time
	resume func() (time.Duration, bool)
}

// start makes a coroutine ready to run.
func (l *loop) start(c coroutine) {
	resume, _ := iter.Pull(c)
	l.wake(time.Now(), resume)
}

func (l *loop) wake(at time.Time, resume func() (time.Duration, bool)) {
	// The earliest first; of two at the same time, the first come.
	i := sort.Search(len(l.timers), func(i int) bool { return l.timers[i].at.After(at) })
	l.timers = slices.Insert(l.timers, i, timer{at, resume})
}

// run takes the coroutine whose turn is next, sleeps until then,
// and lets it go on to its next pause; until all have ended.
func (l *loop) run() {
	for len(l.timers) > 0 {
		next := l.timers[0]
		l.timers = l.timers[1:]
		time.Sleep(time.Until(next.at))
		if pause, more := next.resume(); more {
			l.wake(time.Now().Add(pause), next.resume)
		}
	}
}

func eventLoop(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(context.Context) error {
		start := time.Now()
		say := func(what string) { fmt.Fprintln(w, time.Since(start), what) }

		var l loop
		l.start(func(yield func(time.Duration) bool) {
			say("the kettle is on")
			yield(3 * time.Minute)
			say("the water boils")
		})
		l.start(func(yield func(time.Duration) bool) {
			say("the bread is in the toaster")
			yield(2 * time.Minute)
			say("the toast is ready")
		})
		l.run()
		return nil
	})
}

func compareTurns(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	fair := 1 / float64(cpus)
	lab.Predict("coroutines that compute take turns on one thread, and so the sequential time; goroutines take 1/CPUs = 1/%d = %s of it", cpus, measure.Number(fair))

	const parts, primesBelow = 10, 30_000
	compute := func() {
		for range parts {
			workload.CountPrimes(0, primesBelow)
		}
	}
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "sequential", Run: func(context.Context) error {
			for range cpus {
				compute()
			}
			return nil
		}},
		measure.Variant{Name: "coroutines", Run: func(context.Context) error {
			var l loop
			for range cpus {
				l.start(func(yield func(time.Duration) bool) {
					for range parts {
						workload.CountPrimes(0, primesBelow)
						yield(0) // let the others run
					}
				})
			}
			l.run()
			return nil
		}},
		measure.Variant{Name: "goroutines", Run: func(context.Context) error {
			var wg sync.WaitGroup
			for range cpus {
				wg.Go(compute)
			}
			wg.Wait()
			return nil
		}})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"tasks": cpus, "parts": parts})

	coroutines, asyncio := went.Ratio("coroutines", "sequential"), twin.Ratio("asyncio", "sequential")
	lab.Show("Go, coroutines of this loop", "x sequential", coroutines, 1)
	lab.Show("Go, goroutines", "x sequential", went.Ratio("goroutines", "sequential"), fair)
	lab.Show("CPython, tasks of asyncio", "x sequential", asyncio, 1)
	lab.Judge("4.1", "the loop above", coroutines.Decide("coroutines of one loop / sequential", 1, fair))
	lab.Judge("4.1", notebook.CPython, asyncio.Decide("tasks of asyncio / sequential", 1, fair))
	return nil
}
