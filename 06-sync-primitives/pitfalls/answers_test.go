package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// How each outcome reads, whichever machine it comes up on.
func TestAnswers(t *testing.T) {
	took := func(polling, waiting float64) measure.Samples {
		return notebook.MadeUp(map[string]float64{"polling": polling, "waiting": waiting})
	}
	for _, c := range []struct {
		outcome        string
		went, theirs   measure.Samples
		python, golang string
		despiteLoad    bool
	}{
		{"as expected", took(0.1, 0.0001), took(0.099, 0.0003),
			"In Python, that's true. Polling for 100 ms took 99 ms of CPU time. Waiting as long with `Event.wait` took 300 µs.",
			"In Go, it's the same. Polling for 100 ms took 100 ms of CPU time. Waiting as long on a channel took 100 µs.", true},
		{"beside much that computes", took(0.011, 0.0001), took(0.012, 0.0003),
			"In Python, that's true. Polling for 100 ms took 12 ms of CPU time, which was all it could get. Waiting as long with `Event.wait` took 300 µs.",
			"In Go, it's the same. Polling for 100 ms took 11 ms of CPU time, which was all it could get. Waiting as long on a channel took 100 µs.", true},
		{"waiting isn't free", took(0.1, 0.05), took(0.1, 0.05),
			"In Python, that's not true. Polling for 100 ms took 100 ms of CPU time. Waiting as long with `Event.wait` took 50 ms.",
			"In Go, it's the same. Polling for 100 ms took 100 ms of CPU time. Waiting as long on a channel took 50 ms.", false},
		{"no Python", took(0.1, 0.0001), measure.Missing("python3 was not found on PATH"),
			"In Python, we can't tell here. python3 was not found on PATH.",
			"In Go, it's the same. Polling for 100 ms took 100 ms of CPU time. Waiting as long on a channel took 100 µs.", true},
	} {
		t.Run(c.outcome, func(t *testing.T) {
			result, err := chapter.Try("busy-waiting", func(lab *notebook.Lab) { judgePolling(lab, c.went, c.theirs) })
			require.NoError(t, err)
			require.Equal(t, []string{c.python, c.golang}, result.Said())
			require.Equal(t, c.despiteLoad, !result.Judgements[1].Timed, "load can't turn a yes")
		})
	}
}
