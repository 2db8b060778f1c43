package main

import (
	"context"
	"fmt"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

func compareFetching(ctx context.Context, lab *notebook.Lab) error {
	const workers, each, delay = 10, 4, 5 * time.Millisecond
	lab.Predict("40 requests that are answered after %v take %v one after another, and %v with 10 workers: 10 times less", delay, 40*delay, each*delay)
	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	went, theirs, err := lab.InTurnWithTwin(ctx,
		map[string]any{"host": "127.0.0.1", "port": site.Port, "workers": workers, "each": each},
		measure.Variant{Name: "in turn", Run: func(ctx context.Context) error {
			return fetch(ctx, site.URL, workers*each)
		}},
		measure.Variant{Name: "threads", Run: func(ctx context.Context) error {
			return fetchInGoroutines(ctx, site.URL, workers, each)
		}})
	if err != nil {
		return err
	}
	lab.Remark("The article's own figures are 31.4 s and 7.9 s, which is 3.97 times faster.")
	judgeFetching(lab, went, theirs)
	return nil
}

func judgeFetching(lab *notebook.Lab, went, theirs measure.Samples) {
	time := notebook.Time("time for 40 requests")
	times := notebook.Unit{Name: "times faster than one after another", Say: measure.Times}
	lab.Headline(time, "Forty requests of 5 ms")
	lab.Figure(time, "CPython, one after another", theirs.Estimate("in turn"), 0.2)
	lab.Figure(time, "CPython, ten threads", theirs.Estimate("threads"), 0.02)
	lab.Figure(time, "Go, one after another", went.Estimate("in turn"), 0.2)
	lab.Figure(time, "Go, ten goroutines", went.Estimate("threads"), 0.02)

	faster := func(s measure.Samples) measure.Estimate { return s.Ratio("in turn", "threads") }
	lab.Figure(times, "CPython, ten threads", faster(theirs), 10)
	lab.Figure(times, "Go, ten goroutines", faster(went), 10)
	lab.Judge("1.8", notebook.CPython, faster(theirs).Above("one after another / ten threads", 5).Means(measure.InPart, measure.No))
	lab.Judge("1.8", notebook.Go, faster(went).Above("one after another / ten goroutines", 5).Means(measure.Same, measure.Different))

	text := fmt.Sprintf("ten threads are %s faster: %s instead of %s.",
		measure.Times(faster(theirs).Median), theirs.Estimate("threads").Seconds(), theirs.Estimate("in turn").Seconds())
	lab.Answer("1.8", notebook.CPython, notebook.Wording{
		measure.InPart: "Here " + text + " But in the article's own table they're 4× faster, not more than 5.",
		measure.No:     "Here " + text,
	})
	text = fmt.Sprintf("Ten goroutines are %s faster: %s instead of %s.",
		measure.Times(faster(went).Median), went.Estimate("threads").Seconds(), went.Estimate("in turn").Seconds())
	lab.Answer("1.8", notebook.Go, notebook.Wording{measure.Same: text, measure.Different: text})
}
