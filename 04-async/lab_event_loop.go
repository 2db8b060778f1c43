package main

import (
	"context"
	"fmt"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func compareTurns(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("on the loop of thirty lines, two coroutines that wait take as long as one, and two that compute take twice as long")
	lab.Remark("The article's own glossary: “Concurrency: Making progress together.” Two coroutines that wait do that. “Parallelism: Making progress in parallel.” Two that compute don't.")
	judgeTurns(lab, lab.Twin(ctx, map[string]any{"pause": 0.025, "high": 6_000}))
	return nil
}

func judgeTurns(lab *notebook.Lab, theirs measure.Samples) {
	time := notebook.Time("time on the loop of thirty lines")
	lab.Headline(time, "On the loop of thirty lines")
	for _, row := range []struct{ name, variant string }{
		{"CPython, one coroutine that waits", "one waits"}, {"CPython, two that wait", "two wait"},
		{"CPython, one that computes", "one computes"}, {"CPython, two that compute", "two compute"},
	} {
		lab.Figure(time, row.name, theirs.Estimate(row.variant))
	}
	wait := theirs.Ratio("two wait", "one waits").Below("two that wait / one", 1.5)
	compute := theirs.Ratio("two compute", "one computes").Above("two that compute / one", 1.5)
	lab.Judge("4.1", notebook.CPython, measure.All(wait, compute).Means(measure.InPart, measure.No))
	figures := fmt.Sprintf("two coroutines that wait took %s, where one takes %s. Two that compute took %s, where one takes %s.",
		theirs.Estimate("two wait").Seconds(), theirs.Estimate("one waits").Seconds(), theirs.Estimate("two compute").Seconds(), theirs.Estimate("one computes").Seconds())
	lab.Answer("4.1", notebook.CPython, notebook.Wording{
		measure.InPart: "A small loop is enough: " + figures + " So they are concurrent; what they aren't is parallel.",
		measure.No:     "On the loop of thirty lines, " + figures,
	})
}
