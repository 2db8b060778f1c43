package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

const parties = 4

func compareRounds(ctx context.Context, lab *notebook.Lab) error {
	const fast, slow = time.Millisecond, 20 * time.Millisecond
	lab.Predict("%d parties, each slow in a round of its own: without a barrier, all but the last to arrive go on before all have arrived, %d x %d = %d times, and it takes %v; with it, 0 times, and every round takes as long as the slow one, %v",
		parties, parties, parties-1, parties*(parties-1), slow+(parties-1)*fast, parties*slow)
	quick, err := workload.Serve(fast)
	if err != nil {
		return err
	}
	defer quick.Close()
	lazy, err := workload.Serve(slow)
	if err != nil {
		return err
	}
	defer lazy.Close()
	var counted measure.Samples
	cook := func(name string, wait func(context.Context) error) measure.Variant {
		return measure.Variant{Name: name, Run: func(ctx context.Context) error {
			var arrived [parties]atomic.Int64 // in each round
			var tooEarly atomic.Int64
			group, ctx := errgroup.WithContext(ctx)
			for party := range parties {
				group.Go(func() error {
					for round := range parties {
						site := quick
						if round == party {
							site = lazy
						}
						if err := site.Fetch(ctx); err != nil {
							return err
						}
						arrived[round].Add(1)
						if err := wait(ctx); err != nil {
							return err
						}
						if arrived[round].Load() < parties {
							tooEarly.Add(1)
						}
					}
					return nil
				})
			}
			err := group.Wait()
			counted.Add("early, "+name, float64(tooEarly.Load()))
			return err
		}}
	}
	table := primitive.NewBarrier(parties, nil)
	went, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"quick": quick.URL, "lazy": lazy.URL, "parties": parties},
		cook("together", func(ctx context.Context) error { _, err := table.Wait(ctx); return err }),
		cook("alone", func(context.Context) error { return nil }),
		measure.Variant{Name: "impatient", Run: func(ctx context.Context) error {
			counted.Add("not told", float64(parties-breakBarrier(ctx, parties)))
			return nil
		}})
	if err != nil {
		return err
	}
	judgeBarrier(lab, went.With(counted), theirs)
	return nil
}

// breakBarrier lets one lose patience at a barrier where others wait and one
// comes too late, and returns how many are told that it is broken.
func breakBarrier(ctx context.Context, parties int) int {
	table := primitive.NewBarrier(parties, nil)
	var told atomic.Int64
	wait := func(ctx context.Context) {
		if _, err := table.Wait(ctx); errors.Is(err, primitive.ErrBroken) {
			told.Add(1)
		}
	}
	patience, cancel := context.WithTimeout(ctx, 2*time.Millisecond)
	defer cancel()
	var all sync.WaitGroup
	for range parties - 2 {
		all.Go(func() { wait(ctx) })
	}
	wait(patience)
	wait(ctx) // too late
	all.Wait()
	return int(told.Load())
}

func judgeBarrier(lab *notebook.Lab, went, theirs measure.Samples) {
	early := notebook.Unit{Name: fmt.Sprintf("went on before all had arrived, of %d", parties*parties), Say: measure.Count}
	took := notebook.Time(fmt.Sprintf("time for %d rounds", parties))
	for _, b := range []struct {
		of      notebook.Subject
		samples measure.Samples
	}{{notebook.CPython, theirs}, {ourPrimitives, went}} {
		lab.Figure(early, string(b.of)+", with a barrier", b.samples.Estimate("early, together"), 0)
		lab.Figure(early, string(b.of)+", without", b.samples.Estimate("early, alone"), parties*(parties-1))
		lab.Figure(took, string(b.of)+", with a barrier", b.samples.Estimate("together"), 0.08)
		lab.Figure(took, string(b.of)+", without", b.samples.Estimate("alone"), 0.023)
		lab.Judge("6.22", b.of, nobodyEarly(b.samples))
		lab.Judge("6.23", b.of, inEvery(b.samples, "not told",
			"one of %d lost patience, one came too late, and all %d found the barrier broken,", parties, parties))
		if b.of == ourPrimitives {
			continue // its page tells how it stands beside CPython's
		}
		with, without := b.samples.Estimate("early, together"), b.samples.Estimate("early, alone")
		text := fmt.Sprintf("%d met in each of %[1]d rounds. With a barrier, %s of the %d went on too early; without one, %s did. The price: every round is as slow as its slowest, so they took %s instead of %s.",
			parties, noneOr(with), parties*parties, noneOr(without), b.samples.Estimate("together").Seconds(), b.samples.Estimate("alone").Seconds())
		lab.Answer("6.22", b.of, notebook.Wording{measure.Yes: text, measure.No: text})
		wrong, n := b.samples.Count("not told")
		text = fmt.Sprintf("One of %d lost patience, and another came too late. In %d of %d rounds all of them found the barrier broken.", parties, n-wrong, n)
		lab.Answer("6.23", b.of, notebook.Wording{measure.Yes: text, measure.No: text})
	}
}

// nobodyEarly returns the verdict on a barrier, if without it somebody went on
// too early: else there was nothing for it to prevent.
func nobodyEarly(early measure.Samples) measure.Verdict {
	without, n := early.Count("early, alone")
	if without < n {
		return measure.Cannot("without a barrier, too, nobody was early in %d of %d rounds", n-without, n)
	}
	return inEvery(early, "early, together", "without a barrier somebody went on before all had arrived, with one nobody did,")
}
