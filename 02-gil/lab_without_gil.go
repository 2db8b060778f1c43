package main

import (
	"context"
	"fmt"
	"strings"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

func compareWithoutGIL(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	lab.Predict("without a lock for all, and in interpreters with a lock each, the work takes 1/CPUs = %s of the time of one after another", measure.Number(1/float64(cpus)))
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
		found = append(found, aPython{name, i.GIL, lab.TwinOn(ctx, i, map[string]any{"workers": cpus, "below": 15_000})})
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
	fair := 1 / float64(cpus)
	part := notebook.Unit{Name: "× the time of one after another", Say: measure.Times}
	lab.Headline(part, fmt.Sprintf("Counting primes on %d CPUs", cpus))
	free := measure.Cannot("no Python without a GIL was found: install python3.14t, or name one with -python")
	own := measure.Cannot("no Python was found whose interpreters have a GIL each: that takes 3.12 or later")
	freeText, ownText := "", ""
	for _, p := range found {
		threads, interpreters := p.samples.Ratio("threads", "in turn"), p.samples.Ratio("interpreters", "in turn")
		ideal := 1.0
		if !p.gil {
			ideal = fair
		}
		lab.Figure(part, p.name+", threads", threads, ideal)
		lab.Figure(part, p.name+", interpreters", interpreters, fair)
		if !p.gil && threads.N > 0 {
			free = threads.Decide("threads / one after another, "+p.name, fair, 1)
			freeText = fmt.Sprintf("%s, threads take %s the time of one after another.", p.name, measure.Times(threads.Median))
		}
		if interpreters.N > 0 && ownText == "" {
			own = interpreters.Decide("interpreters / one after another, "+p.name, fair, 1)
			ownText = fmt.Sprintf("Interpreters with a lock each (%s) take %s the time of one after another.", p.name, measure.Times(interpreters.Median))
		}
	}
	goroutines := went.Ratio("threads", "in turn")
	lab.Figure(part, "Go, goroutines", goroutines, fair)
	lab.Judge("2.13", notebook.CPython, free)
	lab.Judge("2.13", notebook.Go, goroutines.Decide("goroutines / one after another", fair, 1).Means(measure.Same, measure.Different))
	lab.Judge("2.18", notebook.CPython, own)
	lab.Answer("2.13", notebook.CPython, notebook.Wording{
		measure.Yes: "In " + freeText, measure.No: "In " + freeText,
		measure.CantTell: strings.TrimSpace("We had no Python without a GIL to try. " + ownText),
	})
	text := fmt.Sprintf("Go never had such a lock. Goroutines take %s the time of one after another.", measure.Times(goroutines.Median))
	lab.Answer("2.13", notebook.Go, notebook.Wording{measure.Same: text, measure.Different: text})
}
