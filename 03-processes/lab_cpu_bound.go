package main

import (
	"context"
	"fmt"
	"slices"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func compareCPUBound(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	lab.Predict("once they're started, goroutines and processes take 1/CPUs = 1/%d of the time of one after another; threads that share a GIL take all of it, unless they run C code that releases it", cpus)
	pool, err := procpool.New(cpus)
	if err != nil {
		return err
	}
	defer pool.Close()
	work := cut(0, 500_000, 8*cpus)
	went, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"workers": cpus, "below": 130_000, "megabytes": 16},
		measure.Variant{Name: "sequential", Run: func(context.Context) error {
			for _, s := range work {
				s.count()
			}
			return nil
		}},
		measure.Variant{Name: "goroutines", Run: func(context.Context) error {
			inGoroutines(work)
			return nil
		}},
		measure.Variant{Name: "processes", Elsewhere: pool.CPUTime, Run: func(ctx context.Context) error {
			_, err := inProcesses(ctx, pool, work)
			return err
		}})
	if err != nil {
		return err
	}
	judgeCPUBound(lab, cpus, went, theirs)
	return nil
}

func judgeCPUBound(lab *notebook.Lab, cpus int, went, theirs measure.Samples) {
	fair := 1 / float64(cpus)
	part := notebook.Unit{Name: "× the time of one after another", Say: measure.Times}
	busy := notebook.Unit{Name: "CPUs kept busy", Say: measure.Number}
	time := notebook.Time("time")
	lab.Headline(part, fmt.Sprintf("Counting primes on %d CPUs", cpus))
	rows := []struct {
		name, variant string
		samples       measure.Samples
		ideal         float64
	}{
		{"CPython, threads", "threads", theirs, lab.UnderGIL(1, fair)},
		{"CPython, processes", "processes", theirs, fair},
		{"CPython, interpreters", "interpreters", theirs, fair}, // since 3.14
		{"Go, goroutines", "goroutines", went, fair},
		{"Go, processes", "processes", went, fair},
	}
	for _, r := range rows {
		lab.Figure(part, r.name, r.samples.Ratio(r.variant, "sequential"), r.ideal)
	}
	for _, r := range rows {
		lab.Figure(busy, r.name, r.samples.Estimate(r.variant+"/cpus"), 1/r.ideal)
	}
	hashing := notebook.Unit{Name: "× the time of hashing one after another", Say: measure.Times}
	lab.Figure(hashing, "CPython, hashes in threads", theirs.Ratio("hashes_in_threads", "hashes"), fair)
	lab.Figure(time, "CPython, one after another", theirs.Estimate("sequential"))
	for _, r := range rows[:3] {
		lab.Figure(time, r.name, r.samples.Estimate(r.variant))
	}
	lab.Figure(time, "Go, one after another", went.Estimate("sequential"))
	for _, r := range rows[3:] {
		lab.Figure(time, r.name, r.samples.Estimate(r.variant))
	}

	faster := theirs.Ratio("processes", "threads").Decide("processes / threads", fair, 1)
	inC := theirs.Ratio("hashes_in_threads", "hashes").Decide("threads in C code that releases the GIL / one after another", fair, 1)
	without := []measure.Verdict{inC} // ways that need no processes
	own := theirs.Ratio("interpreters", "threads").Decide("interpreters / threads", fair, 1)
	if theirs.Estimate("interpreters").N > 0 {
		without = append(without, own)
	}
	lab.Judge("S15", notebook.CPython, needProcesses(faster, without...))
	needed := went.Ratio("processes", "goroutines").Decide("processes / goroutines", fair, 1)
	lab.Judge("S15", notebook.Go, needed)
	parallel := func(s measure.Samples) measure.Verdict {
		return s.Estimate("processes/cpus").Decide("CPUs kept busy by processes", float64(cpus), 1)
	}
	lab.Judge("S16", notebook.CPython, parallel(theirs))
	lab.Judge("S16", notebook.Go, parallel(went).Means(measure.Same, measure.Different))
	lab.Judge("S17", notebook.CPython, faster)

	times := func(s measure.Samples, name string) string { return measure.Times(s.Ratio(name, "sequential").Median) }
	ways := []string{fmt.Sprintf("%d threads take %s as long", cpus, times(theirs, "threads")),
		fmt.Sprintf("%d processes %s", cpus, times(theirs, "processes"))}
	holds := "It holds for Python code."
	if own.Answer != measure.CantTell {
		ways = append(ways, fmt.Sprintf("%d interpreters in one process %s", cpus, times(theirs, "interpreters")))
	}
	if own.Answer == measure.Yes {
		holds = "Python code needs processes, or interpreters with a GIL each."
	}
	found := fmt.Sprintf("One after another, counting primes takes %s. Once they're started, %s.", theirs.Estimate("sequential").Seconds(), list(ways))
	inPart := holds + " " + found
	if inC.Answer == measure.Yes {
		inPart += fmt.Sprintf(" C code that releases the GIL needs no processes: hashing in %d threads takes %s the time of one after another.",
			cpus, measure.Times(theirs.Ratio("hashes_in_threads", "hashes").Median))
	}
	lab.Answer("S15", notebook.CPython, notebook.Wording{measure.InPart: inPart, measure.Yes: found, measure.No: found})
	found = fmt.Sprintf("One after another, counting primes takes %s. Goroutines take %s as long, processes %s.",
		went.Estimate("sequential").Seconds(), times(went, "goroutines"), times(went, "processes"))
	if needed.Answer == measure.No {
		found = "Goroutines already use all CPUs, and processes are no faster. " + found
	}
	lab.Answer("S15", notebook.Go, notebook.Wording{measure.Same: found, measure.Different: found})
}

// needProcesses answers whether work has to go to processes to run in parallel:
// if threads are no way for Python code, and there's no other; in part, if
// C code that releases the GIL can do without, or interpreters with a GIL each.
func needProcesses(faster measure.Verdict, without ...measure.Verdict) measure.Verdict {
	verdict := measure.All(append([]measure.Verdict{faster}, without...)...)
	can := func(answer measure.Answer) func(measure.Verdict) bool {
		return func(v measure.Verdict) bool { return v.Answer == answer }
	}
	switch {
	case faster.Answer == measure.No:
		verdict.Answer = measure.No
	case faster.Answer == measure.Yes && slices.ContainsFunc(without, can(measure.Yes)):
		verdict.Answer = measure.InPart
	case faster.Answer == measure.Yes && !slices.ContainsFunc(without, can(measure.CantTell)):
		verdict.Answer = measure.Yes
	default:
		verdict.Answer = measure.CantTell
	}
	return verdict
}
