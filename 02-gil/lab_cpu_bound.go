package main

import (
	"context"
	"fmt"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func compareCPUBound(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	lab.Predict("threads that run Python code take as long together as one (1.00); C code that releases the GIL, and goroutines, take 1/CPUs of it")
	const turns, theirTurns, megabytes = 200_000_000, 2_000_000, 16
	share := func(n int) measure.Variant {
		return measure.Variant{Name: fmt.Sprint(n), Run: func(context.Context) error {
			inGoroutines(n, func() { countDown(turns / n) })
			return nil
		}}
	}
	went, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"turns": theirTurns, "megabytes": megabytes}, share(1), share(2), share(4))
	if err != nil {
		return err
	}
	judgeCPUBound(lab, went, theirs, cpus, hasGIL(lab))
	return nil
}

func judgeCPUBound(lab *notebook.Lab, went, theirs measure.Samples, cpus int, gil bool) {
	part := notebook.Unit{Name: "× the time of one thread", Say: measure.Times}
	time := notebook.Time("time")
	busy := notebook.Unit{Name: "CPUs kept busy", Say: measure.Number}
	lab.Headline(part, "The same work, shared among threads")
	fair := func(n int) float64 { return 1 / float64(min(n, cpus)) }
	underLock := func(n int) float64 {
		if gil {
			return 1
		}
		return fair(n)
	}
	for _, row := range []struct {
		name, variant, base string
		s                   measure.Samples
		ideal               float64
	}{
		{"CPython, one thread", "1 thread", "", theirs, 0},
		{"CPython, two threads", "2 threads", "1 thread", theirs, underLock(2)},
		{"CPython, four threads", "4 threads", "1 thread", theirs, underLock(4)},
		{"CPython, two hashes, one after another", "digests", "", theirs, 0},
		{"CPython, two hashes in two threads", "digests in 2 threads", "digests", theirs, fair(2)},
		{"Go, one goroutine", "1", "", went, 0},
		{"Go, two goroutines", "2", "1", went, fair(2)},
		{"Go, four goroutines", "4", "1", went, fair(4)},
	} {
		lab.Figure(time, row.name, row.s.Estimate(row.variant))
		if row.base != "" {
			lab.Figure(part, row.name, row.s.Ratio(row.variant, row.base), row.ideal)
			lab.Figure(busy, row.name, row.s.Estimate(row.variant+"/cpus"))
		}
	}

	two, four := theirs.Ratio("2 threads", "1 thread"), theirs.Ratio("4 threads", "1 thread")
	used, usedByC := theirs.Estimate("2 threads/cpus"), theirs.Estimate("digests in 2 threads/cpus")
	lab.Judge("S7", notebook.CPython, parallel(used, usedByC, measure.Yes, measure.No))
	lab.Judge("S9", notebook.CPython, parallel(used, usedByC, measure.No, measure.Yes))
	lab.Judge("S10", notebook.CPython, parallel(used, usedByC, measure.No, measure.Yes))
	// It doesn't accelerate; whether it only slows down is the other half.
	slower := two.Above("two threads / one", (1+fair(2))/2)
	if slower.Answer == measure.Yes && (two.Low <= 1 || four.Low <= 1) {
		slower.Answer = measure.InPart
	}
	slower.Evidence += fmt.Sprintf("; four threads / one = %v", four)
	lab.Judge("S11", notebook.CPython, slower)
	// They do halve it; that it slows them down doesn't follow, since two halves are one.
	lab.Judge("S12", notebook.CPython, used.Times(0.5).Decide("of a CPU for each of two threads", 0.5, 1).Means(measure.InPart, measure.No))

	ours := went.Estimate("2/cpus")
	different := ours.Decide("CPUs kept busy by two goroutines", 2, 1).Means(measure.Different, measure.Same)
	for _, claim := range []string{"S9", "S10", "S12"} {
		lab.Judge(claim, notebook.Go, different)
	}
	lab.Judge("S11", notebook.Go, went.Ratio("2", "1").Decide("two goroutines / one", fair(2), 1).Means(measure.Different, measure.Same))

	// One time, and ratios: the ratio of two middle times needn't be the middle ratio.
	loop := fmt.Sprintf("A loop that one thread runs in %s takes %s as long shared by two, and %s shared by four.",
		theirs.Estimate("1 thread").Seconds(), measure.Times(two.Median), measure.Times(four.Median))
	hash := fmt.Sprintf("two hashes in two threads take %s the time of one after another.", measure.Times(theirs.Ratio("digests in 2 threads", "digests").Median))
	lab.Answer("S10", notebook.CPython, notebook.Wording{
		measure.InPart: loop + " Only C code that releases the GIL gains: " + hash,
		measure.Yes:    loop + " C code gains nothing either: " + hash,
		measure.No:     loop + " This Python has no GIL in the way.",
	})
	text := fmt.Sprintf("A loop that one goroutine runs in %s takes %s as long shared by two.", went.Estimate("1").Seconds(), measure.Times(went.Ratio("2", "1").Median))
	lab.Answer("S10", notebook.Go, notebook.Wording{measure.Different: text, measure.Same: text})
}

// parallel answers whether threads run in parallel: if threads that run Python
// code do, if no threads do, or in part, if only those in C code do.
func parallel(python, c measure.Estimate, yes, no measure.Answer) measure.Verdict {
	ofPython := python.Above("CPUs kept busy by two threads that run Python code", 1.5)
	ofC := c.Above("by two threads in C code that releases the GIL", 1.5)
	verdict := measure.All(ofPython, ofC)
	switch {
	case ofPython.Answer == measure.Yes:
		verdict.Answer = yes
	case ofPython.Answer == measure.No && ofC.Answer == measure.Yes:
		verdict.Answer = measure.InPart
	case ofPython.Answer == measure.No && ofC.Answer == measure.No:
		verdict.Answer = no
	default:
		verdict.Answer = measure.CantTell
	}
	return verdict
}

// hasGIL tells whether the Python beside us has a GIL, or there is none to ask.
func hasGIL(lab *notebook.Lab) bool { return lab.UnderGIL(1, 0) == 1 }
