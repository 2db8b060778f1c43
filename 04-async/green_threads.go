package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"concurrency-notebook/04-async/eventloop"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
	"concurrency-notebook/internal/workload"
)

func greenThreads(ctx context.Context, w io.Writer) error {
	for _, adaAwaits := range []bool{true, false} {
		turns, err := cookTogether(ctx, adaAwaits)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "tasks, Ada awaits %t: %s\n", adaAwaits, strings.Join(turns, " "))
	}
	fmt.Fprintln(w, "goroutines, Ada spins:", spinUntilTold())
	return nil
}

// cookTogether lets two cooks make three steps each, and returns who
// made which. Bob lets others on after each step.
func cookTogether(ctx context.Context, adaAwaits bool) (turns []string, err error) {
	err = virtual.Run(ctx, func(ctx context.Context) error {
		loop := eventloop.Loop{Portable: true}
		return loop.Run(ctx, func(co *eventloop.Coroutine) error {
			return eventloop.InGroup(co, func(g *eventloop.Group) error {
				// part: cooks
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
				// part: end
				return nil
			})
		})
	})
	return turns, err
}

// spinUntilTold has one processor, and Ada on it, who waits for
// nothing. If she were never interrupted, nobody could tell her.
func spinUntilTold() string {
	// One processor now, and as many as before at the end.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var enough atomic.Bool
	var ada sync.WaitGroup
	spins := make(chan struct{})
	ada.Go(func() {
		close(spins)
		for !enough.Load() {
		}
	})
	<-spins            // from now on the processor is hers,
	enough.Store(true) // and this needs it too
	ada.Wait()
	return "and was interrupted"
}

func compareSpinners(ctx context.Context, lab *notebook.Lab) error {
	const spin, beat, steps = 60 * time.Millisecond, time.Millisecond, 50
	// The runtime lets a goroutine run for 10 ms, and looks every 10 ms.
	const slice = 20 * time.Millisecond
	const part, least = float64(slice+beat) / float64(spin), float64(spin / slice)
	lab.Predict("beside a task that spins for %v, a bell on the same loop does not ring, and is silent for 1.00 of that; beside a goroutine, on one processor, it rings after %v at the latest: %.0f times, and with the %v between two rings is silent for at most %v/%v = %s",
		spin, slice, least, beat, slice+beat, spin, measure.Number(part))

	var went measure.Samples
	for range lab.Rounds() {
		if err := ctx.Err(); err != nil {
			return err
		}
		switches, err := countSwitches(ctx, steps)
		if err != nil {
			return err
		}
		went.Add("switches", float64(switches)/(2*steps-1))

		b, rings := newBell(), 0
		if err := eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
			return b.ringBeside(co, beat, func(*eventloop.Coroutine) error {
				spinFor(spin)
				rings = b.rings
				return nil
			})
		}); err != nil {
			return err
		}
		went.Add("tasks, rings", float64(rings))
		went.Add("tasks, silence", b.longest.Seconds()/spin.Seconds())

		b = spinOnOneProcessor(spin, beat)
		went.Add("threads, rings", float64(b.rings))
		went.Add("threads, silence", b.longest.Seconds()/spin.Seconds())
	}
	twin := lab.Twin(ctx, map[string]any{"spin": spin.Seconds(), "beat": beat.Seconds(), "steps": steps})

	const silence, rings = "longest silence, x the spin", "rings during the spin"
	lab.Show("CPython, tasks", silence, twin.Estimate("tasks, silence"), 1)
	lab.Show("CPython, threads", silence, twin.Estimate("threads, silence"))
	lab.Show("Go, tasks of eventloop", silence, went.Estimate("tasks, silence"), 1)
	lab.Show("Go, goroutines on one processor", silence, went.Estimate("threads, silence"), part)
	lab.Show("CPython, tasks", rings, twin.Estimate("tasks, rings"), 0)
	lab.Show("CPython, threads", rings, twin.Estimate("threads, rings"))
	lab.Show("Go, tasks of eventloop", rings, went.Estimate("tasks, rings"), 0)
	lab.Show("Go, goroutines on one processor", rings, went.Estimate("threads, rings"), least)

	lab.Judge("4.2", notebook.CPython, measure.All(
		twin.Estimate("switches").Decide("share of awaits at which two tasks took turns", 1, 0),
		twin.Estimate("tasks, rings").Decide("interruptions of a task that does not await", 0, least)))
	lab.Judge("4.3", notebook.CPython, twin.Estimate("tasks, silence").Decide("silence of a task / spin of another", 1, part))
	lab.Judge("4.2", notebook.Go, went.Estimate("threads, rings").Decide("interruptions of a goroutine that does not wait", 0, least))
	lab.Judge("4.3", notebook.Go, went.Estimate("threads, silence").Decide("silence of a goroutine / spin of another", 1, part))
	return nil
}

// countSwitches lets two tasks make steps, with an await after each, and returns
// how often the one followed on the other.
func countSwitches(ctx context.Context, steps int) (switches int, err error) {
	last := -1
	err = eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
		return eventloop.InGroup(co, func(g *eventloop.Group) error {
			for cook := range 2 {
				g.Go(func(co *eventloop.Coroutine) error {
					for range steps {
						if last >= 0 && last != cook {
							switches++
						}
						last = cook
						if err := eventloop.Sleep(co, 0); err != nil {
							return err
						}
					}
					return nil
				})
			}
			return nil
		})
	})
	return switches, err
}

// spinFor computes for that long, and waits for nothing.
func spinFor(d time.Duration) {
	for start := time.Now(); time.Since(start) < d; {
		workload.CountPrimes(0, 1000)
	}
}

// spinOnOneProcessor spins in one goroutine and rings in another, which have one
// processor between them.
func spinOnOneProcessor(spin, beat time.Duration) *bell {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	b, stop := ringInGoroutine(beat)
	spinFor(spin)
	stop()
	return b
}
