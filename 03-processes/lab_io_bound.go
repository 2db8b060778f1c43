package main

import (
	"context"
	"fmt"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

func compareIOBound(ctx context.Context, lab *notebook.Lab) error {
	const requests, delay = 10, 40 * time.Millisecond
	lab.Predict("ten requests that are answered after 40 ms take 40 ms if all of them wait at the same time; what a way takes beyond that goes into starting the workers, and into asking")
	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	went, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"port": site.Port, "times": requests},
		measure.Variant{Name: "goroutines", Run: func(ctx context.Context) error { return fetchInGoroutines(ctx, site.URL, requests) }},
		measure.Variant{Name: "processes", Run: func(ctx context.Context) error { return fetchInProcesses(ctx, site.URL, requests) }})
	if err != nil {
		return err
	}
	lab.Remark("The article's own figures, for 40 requests ten at a time, are 7.9 s in threads and 7.22 s in processes.")
	judgeIOBound(lab, went, theirs)
	return nil
}

func judgeIOBound(lab *notebook.Lab, went, theirs measure.Samples) {
	const wait = 0.04
	time := notebook.Time("time for ten requests")
	lab.Headline(time, "Ten requests of 40 ms, all at the same time")
	threads, processes := theirs.Estimate("threads"), theirs.Estimate("processes")
	goroutines, workers := went.Estimate("goroutines"), went.Estimate("processes")
	lab.Figure(time, "CPython, ten threads", threads, wait)
	lab.Figure(time, "CPython, ten processes", processes, wait)
	lab.Figure(time, "Go, ten goroutines", goroutines, wait)
	lab.Figure(time, "Go, ten processes", workers, wait)

	// What the sentence explains can be so; what it explains has not been seen.
	lab.Judge("S18", notebook.CPython, theirs.Ratio("processes", "threads").Above("processes / threads", 1).Means(measure.InPart, measure.No))
	lab.Judge("S18", notebook.Go, went.Ratio("processes", "goroutines").Above("processes / goroutines", 1))
	lab.Answer("S18", notebook.CPython, notebook.Wording{
		measure.InPart: fmt.Sprintf("The reason is right: ten waits of 40 ms at the same time took %s in threads and %s in processes, which take longer to start. But what it explains didn't happen: in the article's own table the processes were faster, with 7.22 s against 7.9 s.", threads.Seconds(), processes.Seconds()),
		measure.No:     fmt.Sprintf("Ten waits of 40 ms at the same time took %s in threads and %s in processes. In the article's own table the processes were faster too, with 7.22 s against 7.9 s.", threads.Seconds(), processes.Seconds()),
	})
	found := fmt.Sprintf("They took %s in goroutines, and %s in processes.", goroutines.Seconds(), workers.Seconds())
	lab.Answer("S18", notebook.Go, notebook.Wording{measure.Same: found, measure.Different: found})
}
