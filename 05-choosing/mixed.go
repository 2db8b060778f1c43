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
	computes: 150 * time.Millisecond,
	tasks:    []task{{Primes: 1_030_000}, {Requests: 10, Wait: 1}},
	workers:  2, counts: 1}

// alone is the same without the task that computes.
var alone = job{name: "alone", times: 1, workers: 1,
	tasks: []task{{Requests: 10, Wait: 1}}}

func mixed(ctx context.Context, w io.Writer) error {
	for _, pauses := range []int{0, 3} {
		answered := 0
		// part: compute
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
		// part: end
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

// waitedFor is the part of the computation that the requests beside it are
// predicted to wait for, in the models that the claim names.
var waitedFor = map[string]float64{eventLoop: 1, asyncio: 1, goroutines: 0, processes: 0}

// switchInterval is CPython's: how long a thread waits for the GIL before it asks
// for it.
const switchInterval = 5 * time.Millisecond

func measureMixed(ctx context.Context, lab *notebook.Lab) error {
	lab.CPUs()
	requests := mixedJob.tasks[mixedJob.counts]
	takesGIL := requests.Requests + 3 // main starts the thread, it begins, it connects
	underGIL := float64(time.Duration(takesGIL)*switchInterval) / float64(mixedJob.computes)
	lab.Predict("the requests take %v alone. Beside the computation they end later by all of its time in a loop (1.00 of it), and by none of it in a process of their own, or in a goroutine that has a CPU (0); threads of CPython wait %v for the GIL to start, to begin, to connect and at each request, %d times, %s of it",
		requests.waits(), switchInterval, takesGIL, measure.Number(underGIL))
	m := &results
	if err := m.measure(ctx, lab, mixedJob.name); err != nil {
		return err
	}
	for _, language := range []notebook.Subject{notebook.CPython, notebook.Go} {
		all, models := m.of(language)
		for _, model := range models[1:] { // the first is the measure: 1 by definition
			predicted, judged := waitedFor[model]
			if !judged && language == notebook.CPython {
				predicted = lab.UnderGIL(underGIL, 0)
			}
			lab.Show(string(language)+", "+model, "part of the computation that the requests waited for", all[mixedJob.name].Estimate(model+"/waited"), predicted)
		}
		lab.Judge("5.4", language, m.mixed(language))
	}
	return nil
}

func (m *measured) mixed(language notebook.Subject) measure.Verdict {
	all, models := m.of(language)
	var verdicts []measure.Verdict
	for _, model := range models {
		if p, ok := waitedFor[model]; ok {
			verdicts = append(verdicts, all[mixedJob.name].Estimate(model+"/waited").Decide(model, p, 1-p))
		}
	}
	return measure.All(verdicts...)
}
