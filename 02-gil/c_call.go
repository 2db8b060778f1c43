package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"concurrency-notebook/02-gil/gil"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
	"concurrency-notebook/internal/workload"
)

func cCall(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(context.Context) error {
		for _, job := range []struct {
			name  string
			steps int
			step  time.Duration
		}{
			{"50 steps of 2 ms", 50, 2 * time.Millisecond},
			{"1 step of 100 ms", 1, 100 * time.Millisecond},
		} {
			lock, err := gil.New(gil.DefaultInterval, nil)
			if err != nil {
				return err
			}
			ada, grace := lock.Thread("Ada"), lock.Thread("Grace")
			ada.Take()
			var waited time.Duration
			var wg sync.WaitGroup
			wg.Go(func() {
				asked := time.Now()
				grace.Run(func() { waited = time.Since(asked) })
			})
			// At the end of a step Ada sees that she is asked to drop
			// the lock. A C function is one step, however long.
			ada.Compute(job.steps, func() { time.Sleep(job.step) })
			ada.Drop()
			wg.Wait()
			fmt.Fprintf(w, "Ada makes %s: Grace waited %v\n", job.name, waited)
		}
		return nil
	})
}

// silence runs the job and returns the longest time in which a heartbeat, once
// every millisecond, was not heard.
func silence(job func(), heartbeat func(done <-chan struct{}, beat func())) time.Duration {
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(done)
		job()
	})
	longest, last := time.Duration(0), time.Now()
	heartbeat(done, func() {
		now := time.Now()
		longest, last = max(longest, now.Sub(last)), now
	})
	wg.Wait()
	return longest
}

// everyMillisecond beats until the job is done.
func everyMillisecond(done <-chan struct{}, beat func()) {
	for {
		select {
		case <-done:
			return
		case <-time.After(time.Millisecond):
			beat()
		}
	}
}

func compareSilences(ctx context.Context, lab *notebook.Lab) error {
	const power = 200_000 // 7777 ** 200_000 is the article's own CPU-bound job
	lab.Predict("beside a loop, another thread is silent for the switch interval (5 ms) and the millisecond that it sleeps itself; beside a long C function, for as long as that takes")

	var heard measure.Samples
	note := func(name string, run func() time.Duration) measure.Variant {
		return measure.Variant{Name: name, Run: func(context.Context) error {
			heard.Add("silence, "+name, run().Seconds())
			return nil
		}}
	}
	underLock := func(job func(thread *gil.Thread)) time.Duration {
		lock := newGIL()
		listener := lock.Thread("beats")
		return silence(
			func() {
				worker := lock.Thread("works")
				worker.Run(func() { job(worker) })
			},
			func(done <-chan struct{}, beat func()) {
				listener.Run(func() {
					for waiting := true; waiting; {
						listener.Block(func() {
							select {
							case <-done:
								waiting = false
							case <-time.After(time.Millisecond):
							}
						})
						beat()
					}
				})
			})
	}
	if _, err := lab.InTurn(ctx,
		note("model, loop", func() time.Duration {
			return underLock(func(thread *gil.Thread) {
				counter := 0
				thread.Compute(1_500_000, func() { turn(&counter) })
			})
		}),
		note("model, power", func() time.Duration {
			return underLock(func(thread *gil.Thread) { thread.Compute(1, func() { workload.Power() }) })
		}),
		note("Go, power", func() time.Duration { return silence(func() { workload.Power() }, everyMillisecond) }),
	); err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"power": power})

	const unit = "ms of silence"
	millis := func(e measure.Estimate) measure.Estimate { return e.Times(1000) }
	lab.Show("the model, a loop", unit, millis(heard.Estimate("silence, model, loop")), 6)
	lab.Show("the model, one power", unit, millis(heard.Estimate("silence, model, power")))
	lab.Show("CPython, a loop", unit, millis(twin.Estimate("loop")), 6)
	lab.Show("CPython, one power", unit, millis(twin.Estimate("power")))
	lab.Show("Go, one power", unit, millis(heard.Estimate("silence, Go, power")), 1)

	// No longer than 5 ms, and 1 ms of its own: twice that is certainly longer.
	lab.Judge("2.10", notebook.CPython, millis(twin.Estimate("power")).Below("ms of silence beside one power", 12))
	return nil
}
