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
			python + "that's true. Two threads counted 200,000 sales without a lock, and lost 65,000 of them.",
			golang + "it's the same. Two goroutines counted 200,000 sales without a lock, and lost 60,000 of them.",
			python + "that's true. Two threads appended 200,000 orders to a list, and lost none of them.",
			golang + "it's different. There, `append` is several steps. Two goroutines appended 200,000 orders to a slice without a lock, and lost 99,000 of them.",
		}},
		{"why-at-all", "no loss, no go tool", func(lab *notebook.Lab) {
			judgeLosses(lab, of(0), measure.Estimate{Missing: "there's no go command"}, notebook.MadeUp(map[string]float64{"sales": 0, "orders": 0}), true)
		}, []string{
			python + "we can't tell here. No sale was lost in 9 rounds, which proves nothing.",
			golang + "we can't tell here. No sale was lost in 2 rounds, which proves nothing.",
			python + "that's true. Two threads appended 200,000 orders to a list, and lost none of them.",
			golang + "we can't tell here. There's no go command.",
		}},
		{"why-at-all", "no Python, no go tool", func(lab *notebook.Lab) {
			judgeLosses(lab, of(60_000), measure.Estimate{Missing: "there's no go command"}, noPython, true)
		}, []string{
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "it's the same. Two goroutines counted 200,000 sales without a lock, and lost 60,000 of them.",
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "we can't tell here. There's no go command.",
		}},
		{"why-at-all", "a list that loses some", func(lab *notebook.Lab) {
			judgeLosses(lab, of(60_000), of(99_000), notebook.MadeUp(map[string]float64{"sales": 65_000, "orders": 7}), true)
		}, []string{
			python + "that's true. Two threads counted 200,000 sales without a lock, and lost 65,000 of them.",
			golang + "it's the same. Two goroutines counted 200,000 sales without a lock, and lost 60,000 of them.",
			python + "that's not true. Two threads appended 200,000 orders to a list, and lost 7 of them.",
			golang + "it's different. There, `append` is several steps. Two goroutines appended 200,000 orders to a slice without a lock, and lost 99,000 of them.",
		}},
		{"mutex", "torn", func(lab *notebook.Lab) {
			judgeMutex(lab, menusAs(12_000, 0, 0), menusAs(30_000, 1, 0))
		}, []string{
			python + "that's true. Of 100,000 reads, 30,000 got the dish of one offer and the price of another. Under a lock, none did. Where the cook replaces the whole offer, none did.",
			python + "that's true. While one held the lock, 100 others tried to take it: none of them got it.",
			golang + "it's the same. Of 100,000 reads, 12,000 got the dish of one offer and the price of another. Under a lock, none did. Where the cook replaces the whole offer, none did.",
			golang + "it's the same. While one held the lock, 100 others tried to take it: none of them got it.",
			python + "that's true. A thread that held an `RLock` took it again at once, in 9 of 9 rounds.",
			golang + "it's different. It has no reentrant lock: a `sync.Mutex` that was held couldn't be locked again, in 9 of 9 rounds.",
		}},
		{"mutex", "none torn, locks that don't hold, no Python", func(lab *notebook.Lab) {
			judgeMutex(lab, menusAs(0, 0, 1), noPython)
		}, []string{
			python + "we can't tell here. python3 was not found on PATH.",
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "we can't tell here. No read was torn in 9 rounds, which proves nothing.",
			golang + "it's different. While one held the lock, 100 others tried to take it: in 9 of 9 rounds some of them got it.",
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "it's different. It has no reentrant lock: a `sync.Mutex` that was held couldn't be locked again, in 9 of 9 rounds.",
		}},
		{"semaphore", "three at a time", func(lab *notebook.Lab) {
			judgeSemaphore(lab, gatesAs(3, 4), gatesAs(3, 3))
		}, []string{
			python + "that's true. Of 12 clients at most 3 were inside at once, so their requests took 63 ms. All at once they take 16 ms.",
			golang + "it's the same. Of 12 clients at most 3 were inside at once, so their requests took 63 ms. All at once they take 16 ms.",
			python + "that's true. A `BoundedSemaphore` that's released once too often raises `ValueError`, and goes on letting in 3.",
			golang + "it's different. A `semaphore.Weighted` that's released once too often panics, and lets in 4 afterwards instead of 3.",
		}},
		{"semaphore", "four", func(lab *notebook.Lab) {
			judgeSemaphore(lab, gatesAs(4, 3), gatesAs(4, 4))
		}, []string{
			python + "that's not true. Of 12 clients 4 were inside at once.",
			// The same, since the sentence is wrong in both.
			golang + "it's the same. Of 12 clients at most 4 were inside at once, so their requests took 63 ms. All at once they take 16 ms.",
			python + "that's not true. A `BoundedSemaphore` that's released once too often raises `ValueError`, and goes on letting in 4.",
			golang + "it's the same. A `semaphore.Weighted` that's released once too often panics, and lets in 3 afterwards.",
		}},
		{"semaphore", "they never meet", func(lab *notebook.Lab) {
			judgeSemaphore(lab, gatesAs(2, 4), noPython)
		}, []string{
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "we can't tell here. No more than 2 clients ever met, which proves nothing.",
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "it's different. A `semaphore.Weighted` that's released once too often panics, and lets in 4 afterwards instead of 3.",
		}},
		{"condition", "as expected", func(lab *notebook.Lab) {
			judgeCondition(lab, waitsAs(2, 1), waitsAs(2, 0))
		}, []string{
			python + "that's true. However long the dish took, the guest looked at the counter twice: once before it slept, and once when it was notified.",
			golang + "it's the same. However long the dish took, the guest looked at the counter twice: once before it slept, and once when it was notified.",
			python + "that's true. In 9 of 9 rounds a wait said that its time was over, and the dish was there.",
			"Two waited, and the time of one was over just as `notify` was called. In 9 of 9 rounds, neither of them was notified.",
		}},
		{"condition", "over and over", func(lab *notebook.Lab) {
			judgeCondition(lab, waitsAs(5000, 0), noPython)
		}, []string{
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "it's different. A guest that waited for a dish looked at the counter 5,000 times.",
			python + "we can't tell here. python3 was not found on PATH.",
			python + "we can't tell here. python3 was not found on PATH.",
		}},
		{"event", "all", func(lab *notebook.Lab) {
			judgeEvent(lab, notebook.MadeUp(map[string]float64{"released": 1000, "pulse": 1000}), notebook.MadeUp(map[string]float64{"released": 100, "pulse": 100}))
		}, []string{
			python + "that's true. One `set()` released 100 of 100 threads that waited.",
			golang + "it's the same. Its event is a channel that's closed: one `close` released 1,000 of 1,000 goroutines.",
			"An `Event` that was set and cleared at once released 100 of 100 threads that waited.",
		}},
		{"event", "not all", func(lab *notebook.Lab) {
			judgeEvent(lab, notebook.MadeUp(map[string]float64{"released": 999, "pulse": 1000}), notebook.MadeUp(map[string]float64{"released": 99, "pulse": 0}))
		}, []string{
			python + "that's not true. One `set()` released 99 of 100 threads that waited.",
			golang + "it's the same. Its event is a channel that's closed: one `close` released 999 of 1,000 goroutines.",
			"An `Event` that was set and cleared at once released 0 of 100 threads that waited.",
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

// menusAs returns samples of menus of which so many reads were torn, and of locks
// that could be taken again, or while another held them.
func menusAs(torn, again, heldByAnother float64) measure.Samples {
	return notebook.MadeUp(map[string]float64{"no lock": torn, "locked": 0, "replaced": 0, "again": again, "held by another": heldByAnother})
}

// waitsAs returns samples of waits that took so many looks, in whose last moment
// a notification reached somebody or not.
func waitsAs(looks, notified float64) measure.Samples {
	return notebook.MadeUp(map[string]float64{"looks": looks, "timed out, and there": 1, "notified": notified})
}

// What a sentence says of package primitive, or of CPython's own, has its own
// verdict.
func TestJudgementsOnPrimitives(t *testing.T) {
	result, err := chapter.Try("condition", func(lab *notebook.Lab) {
		judgeCondition(lab, waitsAs(2, 1), waitsAs(2, 0))
	})
	require.NoError(t, err)
	var heads []string
	for _, f := range result.Findings() {
		heads = append(heads, f.Head)
	}
	require.Equal(t, []string{"6.13, CPython: yes", "6.13, Go: the same", "6.14, CPython and primitive: yes", "6.15, CPython: no", "6.15, primitive: yes"}, heads)
}
