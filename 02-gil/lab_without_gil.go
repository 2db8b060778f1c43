package main

import (
	"context"
	"fmt"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

func compareWithoutGIL(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	lab.Predict("threads without a GIL, interpreters with a GIL each, and goroutines keep all %d CPUs busy; threads that share one keep 1", cpus)
	count := func() { workload.CountPrimes(0, 300_000) }
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "in turn", Run: func(context.Context) error {
			for range cpus {
				count()
			}
			return nil
		}},
		measure.Variant{Name: "threads", Run: func(context.Context) error { inGoroutines(cpus, count); return nil }})
	if err != nil {
		return err
	}
	var found []aPython
	for _, i := range lab.Pythons(ctx) {
		name := i.Implementation + " " + i.Version
		if !i.GIL {
			name += " without a GIL"
		}
		found = append(found, aPython{name, i.GIL, lab.TwinOn(ctx, i, map[string]any{"workers": cpus, "below": 30_000})})
	}
	judgeWithoutGIL(lab, went, found, cpus)
	return nil
}

// A Python, and what it measured.
type aPython struct {
	name    string
	gil     bool
	samples measure.Samples
}

func judgeWithoutGIL(lab *notebook.Lab, went measure.Samples, found []aPython, cpus int) {
	all := float64(cpus)
	busy := notebook.Unit{Name: "CPUs kept busy", Say: measure.Number}
	part := notebook.Unit{Name: "× the time of one after another", Say: measure.Times}
	lab.Headline(busy, fmt.Sprintf("Counting primes on %d CPUs", cpus))
	free := measure.Cannot("no Python without a GIL was found: install python3.14t, or name one with -python")
	own := measure.Cannot("no Python was found whose interpreters have a GIL each: that takes 3.12 or later")
	freeText, ownText := "", ""
	for _, p := range found {
		threads, interpreters := p.samples.Estimate("threads/cpus"), p.samples.Estimate("interpreters/cpus")
		ideal := 1.0
		if !p.gil {
			ideal = all
		}
		lab.Figure(busy, p.name+", threads", threads, ideal)
		lab.Figure(busy, p.name+", interpreters", interpreters, all)
		lab.Figure(part, p.name+", threads", p.samples.Ratio("threads", "in turn"), 1/ideal)
		lab.Figure(part, p.name+", interpreters", p.samples.Ratio("interpreters", "in turn"), 1/all)
		if !p.gil && threads.N > 0 {
			free = threads.Decide("CPUs kept busy by threads, "+p.name, all, 1)
			freeText = fmt.Sprintf("In %s, threads keep %s CPUs busy.", p.name, measure.Number(threads.Median))
		}
		if interpreters.N > 0 && ownText == "" {
			own = interpreters.Decide("CPUs kept busy by interpreters, "+p.name, all, 1)
			ownText = fmt.Sprintf("Interpreters with a GIL each keep %s CPUs busy (%s).", measure.Number(interpreters.Median), p.name)
		}
	}
	goroutines := went.Estimate("threads/cpus")
	lab.Figure(busy, "Go, goroutines", goroutines, all)
	lab.Figure(part, "Go, goroutines", went.Ratio("threads", "in turn"), 1/all)
	lab.Judge("2.13", notebook.CPython, free)
	lab.Judge("2.13", notebook.Go, goroutines.Decide("CPUs kept busy by goroutines", all, 1).Means(measure.Same, measure.Different))
	lab.Judge("2.18", notebook.CPython, own)
	lab.Answer("2.13", notebook.CPython, notebook.Wording{
		measure.Yes: freeText, measure.No: freeText,
		measure.CantTell: "We had no Python without a GIL to try.",
	})
	lab.Answer("2.18", notebook.CPython, notebook.Wording{measure.Yes: ownText, measure.No: ownText})
	text := fmt.Sprintf("Go never had such a lock. Goroutines keep %s CPUs busy.", measure.Number(goroutines.Median))
	lab.Answer("2.13", notebook.Go, notebook.Wording{measure.Same: text, measure.Different: text})
}
