package main

import (
	"context"
	"fmt"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

const requests, delay = 10, 10 * time.Millisecond

// suspects are the jobs of the twin, in the order in which they are shown.
var suspects = []string{
	"hashlib.sha256", "zlib.compress", "bz2.compress", "numpy, a @ b", // in C, without the lock
	"json.loads", "sorted", "7777 ** 50_000", // in C, and with it
}

func compareLettingGo(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("%d requests that are answered after %v take %v one after another, and %v in as many threads; two threads in the same C function keep two CPUs busy if it releases the GIL, and one if it doesn't",
		requests, delay, requests*delay, delay)
	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	went, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"url": site.URL, "requests": requests},
		measure.Variant{Name: "in turn", Run: func(ctx context.Context) error { return site.FetchAll(ctx, 1, requests) }},
		measure.Variant{Name: "in threads", Run: func(ctx context.Context) error { return site.FetchAll(ctx, requests, 1) }})
	if err != nil {
		return err
	}
	judgeLettingGo(lab, went, theirs)
	return nil
}

func judgeLettingGo(lab *notebook.Lab, went, theirs measure.Samples) {
	busy := notebook.Unit{Name: "CPUs kept busy by two threads", Say: measure.Number}
	lab.Headline(busy, "Two threads in the same C function")
	for _, name := range suspects {
		lab.Figure(busy, "CPython, "+name, theirs.Estimate(name))
	}
	took := notebook.Time("time for ten requests")
	ideal := delay.Seconds()
	lab.Figure(took, "CPython, one after another", theirs.Estimate("in turn"), requests*ideal)
	lab.Figure(took, "CPython, ten threads", theirs.Estimate("in threads"), ideal)
	lab.Figure(took, "Go, one after another", went.Estimate("in turn"), requests*ideal)
	lab.Figure(took, "Go, ten goroutines", went.Estimate("in threads"), ideal)

	with, without := theirs.Estimate("PyDLL"), theirs.Estimate("CDLL")
	verdict := measure.Cannot("%s", with.Missing)
	switch {
	case with.N > 0 && with.Median == 0 && without.Median != 0:
		verdict = measure.Fact(true, "a call of Python's C API with the GIL held: exit code 0; the same call without it: exit code %.0f", without.Median)
	case with.N > 0:
		verdict = measure.Cannot("a call of Python's C API without the GIL did no harm here, which proves nothing")
	}
	lab.Judge("S8", notebook.CPython, verdict)
	lab.Answer("S8", notebook.CPython, notebook.Wording{measure.Yes: fmt.Sprintf(
		"A call of that API without the GIL crashed the Python it ran in. C code that touches no Python objects can release it: two threads keep %s CPUs busy in hashlib.sha256, and %s in json.loads.",
		measure.Number(theirs.Estimate("hashlib.sha256").Median), measure.Number(theirs.Estimate("json.loads").Median))})
	// Half of the sentence is judged here: that they wait at the same time. That
	// thousands are too many for threads, and not for goroutines, is what 5.3 measures.
	judge := func(s measure.Samples, units string) measure.Verdict {
		verdict := s.Ratio("in threads", "in turn").Decide(units+" / one after another", 1.0/requests, 1)
		if verdict.Answer != measure.CantTell {
			verdict.Evidence += "; thousands at a time are measured for 5.3, in chapter 05"
		}
		return verdict
	}
	lab.Judge("S14", notebook.CPython, judge(theirs, "ten threads").Means(measure.InPart, measure.No))
	lab.Judge("S14", notebook.Go, judge(went, "ten goroutines").Means(measure.Different, measure.Same))

	part := func(s measure.Samples) string { return measure.Times(s.Ratio("in threads", "in turn").Median) }
	found := fmt.Sprintf("ten threads wait for ten answers in %s the time of one after another.", part(theirs))
	lab.Answer("S14", notebook.CPython, notebook.Wording{
		measure.InPart: "A thread releases the GIL while it waits: " + found + " Threads are enough for a hundred at a time; for many hundreds or thousands, asyncio is better.",
		measure.No:     "Here " + found,
	})
	found = fmt.Sprintf("ten goroutines wait in %s the time of one after another", part(went))
	lab.Answer("S14", notebook.Go, notebook.Wording{
		measure.Different: "Goroutines are enough, for thousands too. Here " + found + ".",
		measure.Same:      "Here " + found + ".",
	})
}
