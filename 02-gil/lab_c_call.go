package main

import (
	"context"
	"fmt"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

func compareSilences(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("beside a loop, another thread is silent for the switch interval (5 ms) and the millisecond that it sleeps itself; beside one long call into C, for as long as that takes")
	var heard measure.Samples
	_, theirs, err := lab.InTurnWithTwin(ctx, nil, measure.Variant{Name: "Go", Run: func(context.Context) error {
		heard.Add("power", longestSilence(func() { workload.Power() }).Seconds())
		return nil
	}})
	if err != nil {
		return err
	}
	judgeSilences(lab, heard, theirs)
	return nil
}

func judgeSilences(lab *notebook.Lab, heard, theirs measure.Samples) {
	silence := notebook.Time("longest silence of another thread")
	loop, power, ours := theirs.Estimate("loop"), theirs.Estimate("power"), heard.Estimate("power")
	lab.Headline(silence, "How long another thread is silent")
	lab.Figure(silence, "CPython, beside a loop", loop, 0.006)
	lab.Figure(silence, "CPython, beside one power", power)
	lab.Figure(silence, "Go, beside one power", ours, 0.001)

	// No longer than 5 ms, and 1 ms of its own sleep: twice that is longer.
	lab.Judge("2.10", notebook.CPython, power.Times(1000).Below("ms of silence beside one power", 12))
	lab.Judge("2.10", notebook.Go, ours.Times(1000).Below("ms of silence beside one power", 12).Means(measure.Different, measure.Same))
	text := fmt.Sprintf("Beside a loop, another thread gets its turn after %s. Beside a single 7777 ** 200000 it waits for %s.",
		measure.Seconds(loop.Median), measure.Seconds(power.Median))
	lab.Answer("2.10", notebook.CPython, notebook.Wording{measure.No: text, measure.Yes: text})
	text = fmt.Sprintf("Beside the same power, another goroutine is silent for %s.", measure.Seconds(ours.Median))
	lab.Answer("2.10", notebook.Go, notebook.Wording{measure.Different: text, measure.Same: text})
}
