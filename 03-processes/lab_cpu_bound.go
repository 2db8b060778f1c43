package main

import (
	"context"
	"fmt"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func compareCPUBound(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	lab.Predict("goroutines and processes take 1/CPUs = 1/%d of the time of one after another; threads that share a GIL take all of it, unless they run C code that releases it", cpus)
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
	for _, r := range rows[:2] {
		lab.Figure(time, r.name, r.samples.Estimate(r.variant))
	}
	lab.Figure(time, "Go, one after another", went.Estimate("sequential"))
	for _, r := range rows[2:] {
		lab.Figure(time, r.name, r.samples.Estimate(r.variant))
	}

	faster := theirs.Ratio("processes", "threads").Decide("processes / threads", fair, 1)
	inC := theirs.Ratio("hashes_in_threads", "hashes").Decide("threads in C code that releases the GIL / one after another", fair, 1)
	lab.Judge("S15", notebook.CPython, needProcesses(faster, inC))
	needed := went.Ratio("processes", "goroutines").Decide("processes / goroutines", fair, 1)
	lab.Judge("S15", notebook.Go, needed)
	parallel := func(s measure.Samples) measure.Verdict {
		return s.Estimate("processes/cpus").Decide("CPUs kept busy by processes", float64(cpus), 1)
	}
	lab.Judge("S16", notebook.CPython, parallel(theirs))
	lab.Judge("S16", notebook.Go, parallel(went).Means(measure.Same, measure.Different))
	lab.Judge("S17", notebook.CPython, faster)

	times := func(s measure.Samples, name string) string { return measure.Times(s.Ratio(name, "sequential").Median) }
	found := fmt.Sprintf("One after another, it takes %s. %d threads take %s as long, %d processes %s.",
		theirs.Estimate("sequential").Seconds(), cpus, times(theirs, "threads"), cpus, times(theirs, "processes"))
	lab.Answer("S15", notebook.CPython, notebook.Wording{
		measure.InPart: fmt.Sprintf("It holds for Python code. %s C code that releases the GIL needs no processes: to hash in %d threads takes %s the time of one after another.",
			found, cpus, measure.Times(theirs.Ratio("hashes_in_threads", "hashes").Median)),
		measure.Yes: found,
		measure.No:  found,
	})
	found = fmt.Sprintf("One after another, it takes %s. Goroutines take %s as long, processes %s.",
		went.Estimate("sequential").Seconds(), times(went, "goroutines"), times(went, "processes"))
	if needed.Answer == measure.No {
		found = "Goroutines already use all CPUs, and processes are no faster. " + found
	}
	lab.Answer("S15", notebook.Go, notebook.Wording{measure.Same: found, measure.Different: found})
}

// needProcesses answers whether work has to go to processes to run in parallel:
// if threads are no way for Python code, and none for C code either; in part, if
// they are one for C code that releases the GIL.
func needProcesses(faster, inC measure.Verdict) measure.Verdict {
	verdict := measure.All(faster, inC)
	switch {
	case faster.Answer == measure.No:
		verdict.Answer = measure.No
	case faster.Answer == measure.Yes && inC.Answer == measure.Yes:
		verdict.Answer = measure.InPart
	case faster.Answer == measure.Yes && inC.Answer == measure.No:
		verdict.Answer = measure.Yes
	default:
		verdict.Answer = measure.CantTell
	}
	return verdict
}
