package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

var noPython = measure.Missing("python3 was not found on PATH")

const python, golang = "In Python, ", "In Go, "

func of(value float64) measure.Estimate { return measure.EstimateOf([]float64{value, value}) }

// How each outcome reads, whichever machine it comes up on.
func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		section, outcome string
		judge            func(*notebook.Lab)
		want             []string
	}{
		{"why-at-all", "as expected", func(lab *notebook.Lab) {
			judgeLosses(lab, of(60_000), of(99_000), notebook.MadeUp(map[string]float64{"sales": 65_000, "orders": 0}), true)
		}, []string{
			python + "that's true. Two threads lost 65,000 of 200,000 sales that they counted without a lock. Of as many orders that they appended to a list, they lost none.",
			golang + "it's the same. Two goroutines lost 60,000 of the sales, and 99,000 of the orders: append is no single step there.",
		}},
		{"why-at-all", "no loss, no go tool", func(lab *notebook.Lab) {
			judgeLosses(lab, of(0), measure.Estimate{Missing: "there's no go command"}, notebook.MadeUp(map[string]float64{"sales": 0, "orders": 0}), true)
		}, []string{
			python + "we can't tell here. No sale was lost in 9 rounds, which proves nothing.",
			golang + "we can't tell here. No sale was lost in 2 rounds, which proves nothing.",
		}},
		{"why-at-all", "no Python, no go tool", func(lab *notebook.Lab) {
			judgeLosses(lab, of(60_000), measure.Estimate{Missing: "there's no go command"}, noPython, true)
		}, []string{
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "it's the same. Two goroutines lost 60,000 of the sales.",
		}},
		{"mutex", "torn", func(lab *notebook.Lab) {
			judgeMutex(lab, notebook.MadeUp(map[string]float64{"no lock": 12_000, "locked": 0, "replaced": 0, "again": 0, "held by another": 0}),
				notebook.MadeUp(map[string]float64{"no lock": 30_000, "locked": 0, "replaced": 0, "again": 1, "held by another": 0}))
		}, []string{
			python + "that's true. Of 100,000 reads, 30,000 got the dish of one offer and the price of another. Under a lock it was none, and where the cook replaces the whole offer, none.",
			golang + "it's the same. Of 100,000 reads, 12,000 got the dish of one offer and the price of another. Under a lock it was none, and where the cook replaces the whole offer, none.",
		}},
		{"mutex", "none torn, no Python", func(lab *notebook.Lab) {
			judgeMutex(lab, notebook.MadeUp(map[string]float64{"no lock": 0, "locked": 0, "replaced": 0, "again": 0, "held by another": 0}), noPython)
		}, []string{
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "we can't tell here. No read was torn in 9 rounds, which proves nothing.",
		}},
		{"semaphore", "three at a time", func(lab *notebook.Lab) {
			judgeSemaphore(lab, gatesAs(3, 4), gatesAs(3, 3))
		}, []string{
			python + "that's true. Of 12 clients at most 3 were inside at once, so their requests took 63 ms. All at once they take 16 ms.",
			golang + "it's the same. Of 12 clients at most 3 were inside at once, so their requests took 63 ms. All at once they take 16 ms.",
		}},
		{"semaphore", "four", func(lab *notebook.Lab) {
			judgeSemaphore(lab, gatesAs(4, 3), gatesAs(4, 4))
		}, []string{
			python + "that's not true. Of 12 clients 4 were inside at once.",
			// The same, since the sentence is wrong in both.
			golang + "it's the same. Of 12 clients at most 4 were inside at once, so their requests took 63 ms. All at once they take 16 ms.",
		}},
		{"semaphore", "they never meet", func(lab *notebook.Lab) {
			judgeSemaphore(lab, gatesAs(2, 4), noPython)
		}, []string{
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "we can't tell here. No more than 2 clients ever met, which proves nothing.",
		}},
		{"condition", "twice", func(lab *notebook.Lab) {
			judgeCondition(lab, notebook.MadeUp(map[string]float64{"looks": 2, "timed out, and there": 1, "told": 1}),
				notebook.MadeUp(map[string]float64{"looks": 2, "timed out, and there": 1, "told": 0}))
		}, []string{
			python + "that's true. A thread that waited for a dish looked at the counter twice, however long it took: once before it slept, and once when it was told.",
			golang + "it's the same. A goroutine that waited for a dish looked at the counter twice, however long it took: once before it slept, and once when it was told.",
		}},
		{"condition", "over and over", func(lab *notebook.Lab) {
			judgeCondition(lab, notebook.MadeUp(map[string]float64{"looks": 5000, "timed out, and there": 1, "told": 1}), noPython)
		}, []string{
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "it's different. A goroutine that waited for a dish looked at the counter 5,000 times.",
		}},
		{"event", "all", func(lab *notebook.Lab) {
			judgeEvent(lab, notebook.MadeUp(map[string]float64{"released": 1000, "pulse": 1000}), notebook.MadeUp(map[string]float64{"released": 100, "pulse": 100}))
		}, []string{
			python + "that's true. One `set()` released 100 of 100 threads that waited.",
			golang + "it's the same. Its event is a channel that's closed: one `close` released 1,000 of 1,000 goroutines.",
		}},
		{"event", "not all", func(lab *notebook.Lab) {
			judgeEvent(lab, notebook.MadeUp(map[string]float64{"released": 999, "pulse": 1000}), notebook.MadeUp(map[string]float64{"released": 99, "pulse": 0}))
		}, []string{
			python + "that's not true. One `set()` released 99 of 100 threads that waited.",
			golang + "it's the same. Its event is a channel that's closed: one `close` released 999 of 1,000 goroutines.",
		}},
	} {
		t.Run(c.section+", "+c.outcome, func(t *testing.T) {
			result, err := chapter.Try(c.section, c.judge)
			require.NoError(t, err)
			require.Equal(t, c.want, result.Said())
		})
	}
}

// gatesAs returns samples of semaphores with so many inside, that let in so many
// after a release too many.
func gatesAs(most, letsIn float64) measure.Samples {
	return notebook.MadeUp(map[string]float64{
		"limited": 0.063, "at once": 0.016, "most, limited": most,
		"refused, BoundedSemaphore": 1, "lets in, BoundedSemaphore": letsIn, "lets in, Semaphore": 4,
		"refused, semaphore.Weighted": 1, "lets in, semaphore.Weighted": letsIn, "lets in, a buffered channel": 3,
	})
}

// What a sentence says of package primitive, or of CPython's own, has its own
// verdict.
func TestJudgementsOnPrimitives(t *testing.T) {
	result, err := chapter.Try("condition", func(lab *notebook.Lab) {
		judgeCondition(lab, notebook.MadeUp(map[string]float64{"looks": 2, "timed out, and there": 1, "told": 1}),
			notebook.MadeUp(map[string]float64{"looks": 2, "timed out, and there": 1, "told": 0}))
	})
	require.NoError(t, err)
	var heads []string
	for _, f := range result.Findings() {
		heads = append(heads, f.Head)
	}
	require.Equal(t, []string{"6.13, CPython: yes", "6.13, Go: the same", "6.14, CPython and primitive: yes", "6.15, CPython: no", "6.15, primitive: yes"}, heads)
}
