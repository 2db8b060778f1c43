package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

func findRaces(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("with a plain variable for a flag, the race detector finds two data races, on the flag and on the dish; with an atomic one, none")
	races, why, err := watchFlags(ctx, lab)
	if err != nil {
		return err
	}
	judgeSeenByAll(lab, races, why, lab.Twin(ctx, nil), lab.UnderGIL(1, 0) == 1)
	return nil
}

func judgeSeenByAll(lab *notebook.Lab, races map[string]int, why string, theirs measure.Samples, gil bool) {
	seen, rounds := theirs.Count("seen")
	verdict := measure.Cannot("%s", theirs.Estimate("seen").Missing)
	switch {
	case rounds > seen:
		verdict = measure.Fact(false, "in %d of %d rounds a thread saw the flag and not what had been written before it", rounds-seen, rounds)
	case rounds > 0 && !gil:
		verdict = measure.Cannot("in %d of %[1]d rounds the other thread saw the change, and without a GIL no number of rounds proves that it always will", rounds)
	case rounds > 0:
		verdict = measure.Fact(true, "this Python has a GIL, and a lock that passes from thread to thread passes on what was written before; in %d of %[1]d rounds the other thread saw the change", rounds)
	}
	lab.Judge("S5", notebook.CPython, verdict)
	lab.Answer("S5", notebook.CPython, notebook.Wording{
		measure.Yes: "The interpreter lock, the GIL, guarantees it: it passes from one thread to the next, and with it everything that was written before.",
		measure.No:  fmt.Sprintf("In %d of %d rounds a thread saw the flag, and not yet the change that came before it.", rounds-seen, rounds),
	})

	verdict = measure.Cannot("%s", why)
	if why == "" && races["plainflag"] == 0 {
		verdict = measure.Cannot("the race detector saw no race on a plain flag, which proves nothing")
	} else if why == "" {
		verdict = measure.Fact(true, "the race detector reports %d data races on a plain flag and what it announces, and %d on an atomic one",
			races["plainflag"], races["atomicflag"])
	}
	lab.Judge("S5", notebook.Go, verdict.Means(measure.Different, measure.Same))
	lab.Answer("S5", notebook.Go, notebook.Wording{
		measure.Different: fmt.Sprintf("A plain variable promises nothing. Go's race detector finds %s in the program further down: one goroutine reads what another may be writing at that moment.",
			number(measure.EstimateOf([]float64{float64(races["plainflag"])}), "data race")),
	})
}

// watchFlags runs the two programs under the race detector, and returns how
// many races it found in each, or why it could not.
func watchFlags(ctx context.Context, lab *notebook.Lab) (races map[string]int, why string, err error) {
	races = make(map[string]int)
	for _, name := range []string{"plainflag", "atomicflag"} {
		built, err := program.Build(ctx, program.Race, programs, "testdata/"+name)
		if missing, ok := errors.AsType[*program.CannotBuild](err); ok {
			return nil, missing.Error(), nil
		} else if err != nil {
			return nil, "", err
		}
		defer built.Remove()
		ran, err := built.Run(ctx, 10*time.Second)
		if err != nil {
			return nil, "", err
		}
		if ran.TimedOut {
			return nil, fmt.Sprintf("the program with a %s did not end within 10 s, which may happen, too", name), nil
		}
		found := program.Races(ran.Output)
		for _, race := range found {
			lab.Remark("The race detector, on main.go of testdata/%s: %s", name, race)
		}
		races[name] = len(found)
	}
	return races, "", nil
}
