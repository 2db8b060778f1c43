package main

import (
	"context"
	"fmt"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

// Primes are counted from here on: numbers are so large that one costs as much
// as the next.
const firstNumber = 100_000

// Sizes of work, as parts of what should pay.
var sizes = []struct {
	name string
	part float64
}{{"a quarter of", 0.25}, {"four times", 4}}

func measureBreakEven(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	if cpus < 2 {
		none := measure.Missing("with one CPU, processes never pay")
		judgeBreakEven(lab, 2, nil, none, none)
		return nil
	}
	c := float64(cpus)
	lab.Predict("with %d CPUs, work of c/(c - 1) = %s times what the workers cost beside it takes as long with them as without. A quarter of that work takes (4c - 3)/c = %s times as long with them, and four times that work (c + 3)/4c = %s times",
		cpus, measure.Number(c/(c-1)), measure.Number((4*c-3)/c), measure.Number((c+3)/(4*c)))
	pool, err := procpool.New(cpus)
	if err != nil {
		return err
	}
	defer pool.Close()

	// A way to count is run so often that it can be timed.
	ways := []struct {
		name  string
		times int
		count func(ctx context.Context, numbers int) error
	}{
		{"goroutines", 500, func(_ context.Context, numbers int) error {
			inGoroutines(cut(firstNumber, firstNumber+numbers, cpus))
			return nil
		}},
		{"stay", 50, func(ctx context.Context, numbers int) error {
			_, err := countWith(ctx, pool, firstNumber, firstNumber+numbers)
			return err
		}},
		{"started", 1, func(ctx context.Context, numbers int) error {
			_, err := countWithNew(ctx, cpus, firstNumber, firstNumber+numbers)
			return err
		}},
	}
	variant := func(name string, times, numbers int, count func(context.Context, int) error) measure.Variant {
		return measure.Variant{Name: name, Run: func(ctx context.Context) error {
			for range times {
				if err := count(ctx, numbers); err != nil {
					return err
				}
			}
			return nil
		}}
	}
	alone := func(_ context.Context, numbers int) error {
		workload.CountPrimes(firstNumber, firstNumber+numbers)
		return nil
	}

	// First, what each way costs beside the work, and what a number costs.
	const some = 20_000
	beside := []measure.Variant{variant("numbers", 1, some, alone)}
	for _, w := range ways {
		beside = append(beside, variant(w.name, w.times, 0, w.count))
	}
	empty, err := lab.InTurn(ctx, beside...)
	if err != nil {
		return err
	}
	perNumber := empty.Estimate("numbers").Median / some
	pays := make(map[string]measure.Estimate) // seconds of work
	var variants []measure.Variant
	for _, w := range ways {
		pays[w.name] = empty.Estimate(w.name).Times(c / (c - 1) / float64(w.times))
		if w.name == "goroutines" {
			continue
		}
		// Then, whether they pay where they should.
		for _, size := range sizes {
			n := int(pays[w.name].Median * size.part / perNumber)
			variants = append(variants,
				variant("alone, "+w.name+", "+size.name, w.times, n, alone),
				variant(w.name+", "+size.name, w.times, n, w.count))
		}
	}
	went, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"workers": cpus, "low": firstNumber}, variants...)
	if err != nil {
		return err
	}
	judgeBreakEven(lab, cpus, pays, went, theirs)
	return nil
}

func judgeBreakEven(lab *notebook.Lab, cpus int, pays map[string]measure.Estimate, went, theirs measure.Samples) {
	from := notebook.Time("pays off above so much work")
	lab.Figure(from, "CPython, workers started for it", theirs.Estimate("pays, started"))
	lab.Figure(from, "CPython, workers that stay", theirs.Estimate("pays, stay"))
	lab.Figure(from, "Go, workers started for it", pays["started"])
	lab.Figure(from, "Go, workers that stay", pays["stay"])
	lab.Figure(from, "Go, goroutines", pays["goroutines"])

	c := float64(cpus)
	judge := func(of notebook.Subject, s measure.Samples, started, stay measure.Estimate) {
		var verdicts []measure.Verdict
		for _, size := range sizes {
			unit := notebook.Unit{Name: size.name + " that work, × the time of one process", Say: measure.Times}
			for _, way := range []struct{ variant, name string }{{"started", "workers started for it"}, {"stay", "workers that stay"}} {
				ratio := s.Ratio(way.variant+", "+size.name, "alone, "+way.variant+", "+size.name)
				lab.Figure(unit, fmt.Sprintf("%s, %s", of, way.name), ratio, (size.part+c-1)/(size.part*c))
				subject := fmt.Sprintf("%s, %s that work / one process", way.name, size.name)
				if size.part < 1 {
					verdicts = append(verdicts, ratio.Above(subject, 1))
				} else {
					verdicts = append(verdicts, ratio.Below(subject, 1))
				}
			}
		}
		lab.Judge("3.2", of, measure.All(verdicts...))
		found := fmt.Sprintf("By this formula, workers that are started for a job pay off above %s of work, and workers that stay above %s.", started.Seconds(), stay.Seconds())
		if of == notebook.Go {
			found = fmt.Sprintf("There it's %s and %s.", started.Seconds(), stay.Seconds())
		}
		lab.Answer("3.2", of, notebook.Wording{
			measure.Yes: found + " With a quarter of that work they were slower than one process, with four times that work faster.",
			measure.No:  found + " What we measured doesn't agree.",
		})
	}
	judge(notebook.CPython, theirs, theirs.Estimate("pays, started"), theirs.Estimate("pays, stay"))
	judge(notebook.Go, went, pays["started"], pays["stay"])
}
