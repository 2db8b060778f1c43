package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"concurrency-notebook/04-async/eventloop"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/timeline"
	"concurrency-notebook/internal/virtual"
	"concurrency-notebook/internal/workload"
)

// A bell knows how often it has rung, and how long it was silent.
type bell struct {
	last    time.Time
	longest time.Duration // the longest silence before a ring
	rings   int
}

func newBell() *bell { return &bell{last: time.Now()} }

func (b *bell) ring() {
	now := time.Now()
	b.longest, b.last = max(b.longest, now.Sub(b.last)), now
	b.rings++
}

// ringBeside does the work in a task, and rings at every beat until
// that is done. It does not ring if it is not let run.
func (b *bell) ringBeside(co *eventloop.Coroutine, beat time.Duration,
	work func(co *eventloop.Coroutine) error) error {
	task := eventloop.Go(co,
		func(co *eventloop.Coroutine) (struct{}, error) {
			return struct{}{}, work(co)
		})
	for !task.Done() {
		if err := eventloop.Sleep(co, beat); err != nil {
			return err
		}
		b.ring()
	}
	_, err := eventloop.Await(co, task)
	return err
}

func neverBlock(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(ctx context.Context) error {
		// It does not await, and it takes a while: a computation, a
		// read from a disk, a call of a library of the other world.
		knead := func() (string, error) {
			time.Sleep(300 * time.Millisecond)
			return "dough", nil
		}
		// part: places
		for _, place := range []struct {
			name string
			work func(co *eventloop.Coroutine) error
		}{
			{"in a coroutine:", func(co *eventloop.Coroutine) error {
				_, err := knead()
				return err
			}},
			{"in the executor:", func(co *eventloop.Coroutine) error {
				_, err := eventloop.ToThread(co, knead)
				return err
			}},
		} {
			loop := eventloop.Loop{
				Portable:     true, // works in virtual time
				SlowCallback: 100 * time.Millisecond,
				Warn:         func(m string) { fmt.Fprintln(w, "the loop warns:", m) },
			}
			b := newBell()
			if err := loop.Run(ctx, func(co *eventloop.Coroutine) error {
				return b.ringBeside(co, 10*time.Millisecond, place.work)
			}); err != nil {
				return err
			}
			fmt.Fprintf(w, "kneading %-16s the bell was silent for %v\n", place.name, b.longest)
		}
		// part: end
		return nil
	})
}

func compareBlocking(ctx context.Context, lab *notebook.Lab) error {
	lab.CPUs("4.8")
	const blocked, beat, power = 30 * time.Millisecond, time.Millisecond, 200_000
	const short = float64(beat) / float64(blocked)
	underGIL := lab.UnderGIL(1, short)
	lab.Predict("a bell that rings every %v is silent for the whole of what blocks its loop: 1.00 of it; beside the executor it is silent between two rings: %v/%v = %s; and in CPython, beside a power in the executor, for as long as that holds the GIL: %s",
		beat, beat, blocked, measure.Number(short), measure.Number(underGIL))

	var went measure.Samples
	sleep := func() { time.Sleep(blocked) }
	compute := func() { workload.Power() }
	for range lab.Rounds() {
		for _, job := range []struct {
			name string
			f    func()
		}{{"sleep", sleep}, {"power", compute}} {
			took := time.Duration(0)
			timed := func() (struct{}, error) {
				start := time.Now()
				job.f()
				took = time.Since(start)
				return struct{}{}, nil
			}
			thread, stop := ringInGoroutine(beat)
			err := bellBeside(ctx, &went, "coroutine, "+job.name, &took, beat, func(*eventloop.Coroutine) error {
				_, err := timed()
				return err
			})
			stop()
			if err != nil {
				return err
			}
			went.Add("beside, "+job.name, thread.longest.Seconds()/took.Seconds())
			if err := bellBeside(ctx, &went, "executor, "+job.name, &took, beat, func(co *eventloop.Coroutine) error {
				_, err := eventloop.ToThread(co, timed)
				return err
			}); err != nil {
				return err
			}
		}
	}
	chart, err := drawBells(ctx)
	if err != nil {
		return err
	}
	lab.Draw(chart)
	twin := lab.Twin(ctx, map[string]any{"blocked": blocked.Seconds(), "beat": beat.Seconds(), "power": power})

	const unit = "longest silence, x what blocks"
	show := func(of, threads string, samples measure.Samples, executorPower float64) {
		lab.Show(of+", beside a sleep in a coroutine", unit, samples.Estimate("coroutine, sleep"), 1)
		lab.Show(of+", beside a power in a coroutine", unit, samples.Estimate("coroutine, power"), 1)
		lab.Show(of+", beside a sleep in the executor", unit, samples.Estimate("executor, sleep"), short)
		lab.Show(of+", beside a power in the executor", unit, samples.Estimate("executor, power"), executorPower)
		lab.Show(threads+", beside a sleep in a coroutine", unit, samples.Estimate("beside, sleep"), short)
	}
	show("CPython, a task", "CPython, a thread", twin, underGIL)
	show("Go, a task", "Go, a goroutine", went, short)

	judge := func(of notebook.Subject, threads string, samples measure.Samples) {
		silent := func(name, subject string, ifHolds float64) measure.Verdict {
			return samples.Estimate(name).Decide("silence of "+subject, ifHolds, 1-ifHolds)
		}
		lab.Judge("4.4", of, measure.All(
			silent("coroutine, sleep", "a task, while a coroutine sleeps", 1),
			silent("beside, sleep", threads, 1)))
		lab.Judge("4.8", of, measure.All(
			silent("executor, sleep", "a task, beside a sleep in the executor", 0),
			silent("executor, power", "a task, beside a power there", 0)))
	}
	judge(notebook.CPython, "another thread", twin)
	judge(ourLoop, "another goroutine", went)
	return nil
}

// bellBeside rings in a task beside the work, on a loop of its own, and adds how
// long it was silent, as a part of what the work took.
func bellBeside(ctx context.Context, samples *measure.Samples, name string, took *time.Duration, beat time.Duration, work func(co *eventloop.Coroutine) error) error {
	b := newBell()
	if err := eventloop.Run(ctx, func(co *eventloop.Coroutine) error { return b.ringBeside(co, beat, work) }); err != nil {
		return err
	}
	samples.Add(name, b.longest.Seconds()/took.Seconds())
	return nil
}

// ringInGoroutine rings in a goroutine, which has begun when it returns, until
// it is stopped.
func ringInGoroutine(beat time.Duration) (b *bell, stop func()) {
	begun, done := make(chan struct{}), make(chan struct{})
	var ringing sync.WaitGroup
	ringing.Go(func() {
		b = newBell()
		close(begun)
		ticks := time.NewTicker(beat)
		defer ticks.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticks.C:
				b.ring()
			}
		}
	})
	<-begun
	return b, func() {
		close(done)
		ringing.Wait()
	}
}

// drawBells records the bell beside a cook who waits, kneads and waits again.
func drawBells(ctx context.Context) (timeline.Chart, error) {
	const beat, pause, kneading = 4 * time.Millisecond, 20 * time.Millisecond, 60 * time.Millisecond
	chart := timeline.Chart{Title: "A bell beside a cook who kneads"}
	for _, place := range []struct {
		name string
		do   func(co *eventloop.Coroutine, knead func() (struct{}, error)) (struct{}, error)
	}{
		{"in a coroutine", func(_ *eventloop.Coroutine, knead func() (struct{}, error)) (struct{}, error) { return knead() }},
		{"in the executor", eventloop.ToThread[struct{}]},
	} {
		rec := timeline.Start()
		knead := func() (struct{}, error) {
			defer rec.Span("cook", "kneads")()
			time.Sleep(kneading)
			return struct{}{}, nil
		}
		if err := eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
			cook := eventloop.Go(co, func(co *eventloop.Coroutine) (struct{}, error) {
				_ = eventloop.Sleep(co, pause)
				_, err := place.do(co, knead)
				_ = eventloop.Sleep(co, pause)
				return struct{}{}, err
			})
			for !cook.Done() {
				_ = eventloop.Sleep(co, beat)
				rec.Mark("bell", "rings")
			}
			_, err := eventloop.Await(co, cook)
			return err
		}); err != nil {
			return chart, err
		}
		chart.Panels = append(chart.Panels, timeline.Panel{Title: "kneading " + place.name, Lanes: rec.Timeline()})
	}
	return chart, nil
}
