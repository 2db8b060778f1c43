package main

import (
	"context"
	"fmt"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func measureMixed(ctx context.Context, lab *notebook.Lab) error {
	lab.CPUs()
	lab.Predict("beside the computation, the requests end later by all of its time in a loop (1), and by none of it (0) in a process of their own or in a goroutine that has a CPU")
	m := &results
	if err := m.measure(ctx, lab, beside); err != nil {
		return err
	}
	judgeMixed(lab, m)
	return nil
}

func judgeMixed(lab *notebook.Lab, m *measured) {
	python, golang := m.inPython[beside], m.inGo[beside]
	part := notebook.Unit{Name: "part of the computation that the requests waited for", Say: percent}
	lab.Headline(part, "How much of a computation ten requests wait for")
	waited := func(s measure.Samples, model string) measure.Estimate { return s.Estimate(model + "/waited") }
	ideals := map[string]float64{asyncio: 1, eventLoop: 1, processPool: 0, goroutines: 0, processes: 0}
	show := func(of notebook.Subject, s measure.Samples, models []string) {
		for _, model := range models {
			ideal, known := ideals[model]
			if known {
				lab.Figure(part, string(of)+", "+model, waited(s, model), ideal)
			} else {
				lab.Figure(part, string(of)+", "+model, waited(s, model))
			}
		}
	}
	show(notebook.CPython, python, []string{threadPool, processPool, asyncio, interpreterPool, freeThreads})
	show(notebook.Go, golang, []string{goroutines, processes, eventLoop})

	judge := func(of notebook.Subject, s measure.Samples, models ...string) {
		var verdicts []measure.Verdict
		for _, model := range models {
			verdicts = append(verdicts, waited(s, model).Decide(model, ideals[model], 1-ideals[model]))
		}
		lab.Judge("5.4", of, measure.All(verdicts...))
	}
	judge(notebook.CPython, python, asyncio, processPool)
	judge(notebook.Go, golang, eventLoop, processes, goroutines)

	say := func(s measure.Samples, model string) string { return percent(waited(s, model).Median) }
	found := fmt.Sprintf("Beside a computation, requests in asyncio waited for %s of its time, in threads for %s, and in processes for %s.",
		say(python, asyncio), say(python, threadPool), say(python, processPool))
	lab.Answer("5.4", notebook.CPython, notebook.Wording{measure.Yes: found, measure.No: found})
	found = fmt.Sprintf("In an event loop they waited for %s of its time, in goroutines for %s, and in processes for %s.",
		say(golang, eventLoop), say(golang, goroutines), say(golang, processes))
	lab.Answer("5.4", notebook.Go, notebook.Wording{measure.Yes: found, measure.No: found})
}

func percent(x float64) string { return fmt.Sprintf("%.0f %%", 100*x) }
