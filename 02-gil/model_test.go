package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// How each outcome of the section on the model reads, and what decides it.
func TestJudgeModel(t *testing.T) {
	model := func(change map[string]float64) measure.Samples {
		values := map[string]float64{
			"model, 1": 0.1, "model, 2": 0.101, "model, 4": 0.102,
			"model, 2, cpus": 1, "model, 4, cpus": 1.01,
			"model, 2 ms, 1": 0.0022, "model, 2 ms, 2": 0.004, "model, 2 ms, 4": 0.015,
			"model, 5 ms, 1": 0.0053, "model, 10 ms, 1": 0.0103,
		}
		for name, value := range change {
			values[name] = value
		}
		return notebook.MadeUp(values)
	}
	cpython := notebook.MadeUp(map[string]float64{"2 ms, 1": 0.0021, "2 ms, 2": 0.0024, "2 ms, 4": 0.011})
	const together, one = 0, 1 // the answers, in order

	for _, c := range []struct {
		outcome string
		change  map[string]float64
		cpython measure.Samples
		answer  int
		verdict measure.Answer
		want    string
	}{
		{outcome: "as it should be", cpython: cpython, answer: together,
			verdict: measure.Yes, want: "Two threads of the model that compute keep 1.00 CPUs busy, and four keep 1.01 busy."},
		{outcome: "two compute at once", cpython: cpython, change: map[string]float64{"model, 2, cpus": 1.9}, answer: together,
			verdict: measure.No, want: "Two threads of the model that compute keep 1.90 CPUs busy, and four keep 1.01 busy."},
		{outcome: "four leave it idle", cpython: cpython, change: map[string]float64{"model, 4, cpus": 0.5}, answer: together,
			verdict: measure.No, want: "Two threads of the model that compute keep 1.00 CPUs busy, and four keep 0.50 busy."},
		{outcome: "as it should be", cpython: cpython, answer: one,
			verdict: measure.Yes, want: "Beside one thread that computes, a ping takes 5.3 ms at a switch interval of 5 ms, and 10 ms at 10 ms."},
		{outcome: "the interval doesn't matter", cpython: cpython, change: map[string]float64{"model, 10 ms, 1": 0.0053}, answer: one,
			verdict: measure.No, want: "Beside one thread that computes, a ping takes 5.3 ms at a switch interval of 5 ms, and 5.3 ms at 10 ms."},
		{outcome: "too late", cpython: cpython, change: map[string]float64{"model, 5 ms, 1": 0.006}, answer: one,
			verdict: measure.No, want: "Beside one thread that computes, a ping takes 6 ms at a switch interval of 5 ms, and 10 ms at 10 ms."},
		{outcome: "no Python", cpython: measure.Missing("python3 was not found on PATH"), answer: one,
			verdict: measure.Yes, want: "Beside one thread that computes, a ping takes 5.3 ms at a switch interval of 5 ms, and 10 ms at 10 ms."},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			result, err := chapter.Try("model", func(lab *notebook.Lab) {
				judgeModel(lab, model(c.change), c.cpython)
			})
			require.NoError(t, err)
			require.Len(t, result.Answers, 2)
			shown := 0
			for _, f := range result.Figures {
				if strings.HasPrefix(f.Name, "CPython") {
					shown++
				}
			}
			require.Equal(t, shown > 0, c.cpython.Estimate("2 ms, 2").N > 0, "what wasn't measured isn't shown")
			require.Equal(t, c.verdict, result.Judgements[c.answer].Answer)
			require.Equal(t, c.want, result.Answers[c.answer].String())
		})
	}
}

// What is on the line decides nothing.
func TestJudgeModelOnTheLine(t *testing.T) {
	var found measure.Samples
	for round := range 9 {
		found.Add("model, 2, cpus", 1+0.02*float64(round))
		found.Add("model, 4, cpus", 1)
	}
	result, err := chapter.Try("model", func(lab *notebook.Lab) { judgeModel(lab, found, measure.Missing("none")) })
	require.NoError(t, err)
	require.Equal(t, measure.CantTell, result.Judgements[0].Answer)
	require.Contains(t, result.Judgements[0].Evidence, "partly in the range from 0.95 to 1.05")
}
