package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"concurrency-notebook/04-async/eventloop"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

// mixedJob is a task that computes, and one that makes requests: when
// these are done is what counts.
var mixedJob = job{name: "mixed", times: 1,
	computes: 60 * time.Millisecond,
	tasks:    []task{{Primes: 520_000}, {Requests: 30, Wait: 1}},
	workers:  2, counts: 1}

// alone is the same without the task that computes.
var alone = job{name: "alone", times: 1, workers: 1,
	tasks: []task{{Requests: 30, Wait: 1}}}

func mixed(ctx context.Context, w io.Writer) error {
	for _, pauses := range []int{0, 3} {
		answered := 0
		compute := func(co *eventloop.Coroutine) error {
			for range pauses {
				workload.CountPrimes(0, 1000)
				if err := eventloop.Sleep(co, 0); err != nil {
					return err
				}
			}
			fmt.Fprintf(w, "a computation with %d pauses: "+
				"%d of 3 requests answered when it ends\n", pauses, answered)
			return nil
		}
		answer := func(co *eventloop.Coroutine) error {
			for range 3 {
				answered++
				if err := eventloop.Sleep(co, 0); err != nil {
					return err
				}
			}
			return nil
		}
		err := eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
			return eventloop.InGroup(co, func(g *eventloop.Group) error {
				g.Go(compute)
				g.Go(answer)
				return nil
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// waitedFor is the part of the computation that requests beside it are predicted
// to wait for.
var waitedFor = map[string]float64{eventLoop: 1, asyncio: 1, goroutines: 0, processes: 0}

func measureMixed(ctx context.Context, lab *notebook.Lab) error {
	lab.CPUs(ctx)
	lab.Predict("the requests take 30 x 1 ms alone; beside the computation they end later by all of its time in a loop (1.00 of it), and by none of it (0) in a process of their own, or in a goroutine that has a CPU")
	m := &results
	if err := m.measure(ctx, lab, mixedJob.name); err != nil {
		return err
	}
	for _, language := range []notebook.Subject{notebook.CPython, notebook.Go} {
		all, models := m.of(language)
		var verdicts []measure.Verdict
		for _, model := range models[1:] { // the first is the measure: 1 by definition
			waited := all[mixedJob.name].Estimate(model + "/waited")
			p, ok := waitedFor[model]
			if !ok {
				lab.Show(string(language)+", "+model, waitedUnit, waited)
				continue
			}
			lab.Show(string(language)+", "+model, waitedUnit, waited, p)
			verdicts = append(verdicts, waited.Decide(model, p, 1-p))
		}
		lab.Judge("5.4", language, measure.All(verdicts...))
	}
	return nil
}

const waitedUnit = "part of the computation that the requests waited for"
