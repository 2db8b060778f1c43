package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

func compareSpinners(ctx context.Context, lab *notebook.Lab) error {
	const spin, beat = 60 * time.Millisecond, time.Millisecond
	// The runtime lets a goroutine run for 10 ms, and looks every 10 ms.
	const slice = 20 * time.Millisecond
	lab.Predict("beside a task that computes for %v, a bell on the same loop is silent for all of it; beside a goroutine, on one CPU, for %v at most", spin, slice+beat)
	var went measure.Samples
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"spin": spin.Seconds(), "beat": beat.Seconds()},
		measure.Variant{Name: "goroutines", Run: func(context.Context) error {
			b := spinOnOneProcessor(spin, beat)
			went.Add("silence", b.longest.Seconds())
			went.Add("part", b.longest.Seconds()/spin.Seconds())
			return nil
		}})
	if err != nil {
		return err
	}
	judgeSpinners(lab, went, theirs)
	return nil
}

func judgeSpinners(lab *notebook.Lab, went, theirs measure.Samples) {
	silence := notebook.Time("longest silence of a bell beside 60 ms of computing")
	lab.Headline(silence, "A bell beside 60 ms of computing: its longest silence")
	lab.Figure(silence, "CPython, another task", theirs.Estimate("tasks, silence"), 0.06)
	lab.Figure(silence, "CPython, another thread", theirs.Estimate("threads, silence"))
	lab.Figure(silence, "Go, another goroutine, on one CPU", went.Estimate("silence"), 0.021)

	const line, subject = 0.68, "longest silence / the computing" // midway between 1 and 21 ms of 60
	lab.Judge("4.3", notebook.CPython, theirs.Estimate("tasks, part").Above(subject, line))
	text := fmt.Sprintf(" that computed for 60 ms, another had to wait for %s. A thread had to wait for %s.",
		theirs.Estimate("tasks, silence").Seconds(), theirs.Estimate("threads, silence").Seconds())
	lab.Answer("4.3", notebook.CPython, notebook.Wording{
		measure.Yes: "Asyncio's tasks take turns as green threads do: beside one" + text,
		measure.No:  "Beside one of asyncio's tasks" + text,
	})
	lab.Judge("4.3", notebook.Go, went.Estimate("part").Above(subject, line).Means(measure.Same, measure.Different))
	text = fmt.Sprintf(" that computed for 60 ms, another had to wait for %s.", went.Estimate("silence").Seconds())
	lab.Answer("4.3", notebook.Go, notebook.Wording{
		measure.Same:      "On one CPU, beside a goroutine" + text,
		measure.Different: "Goroutines are green threads that the runtime interrupts. On one CPU, beside one" + text,
	})
}

// spinOnOneProcessor computes in one goroutine and rings in another, which have
// one processor between them.
func spinOnOneProcessor(spin, beat time.Duration) *ringing {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	r, stop := ringInGoroutine(beat)
	for start := time.Now(); time.Since(start) < spin; {
		workload.CountPrimes(0, 1000)
	}
	stop()
	return r
}
