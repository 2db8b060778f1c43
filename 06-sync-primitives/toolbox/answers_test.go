package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

var noPython = measure.Missing("python3 was not found on PATH")

const python, golang = "In Python, ", "In Go, "

// How each outcome reads, whichever machine it comes up on.
func TestAnswers(t *testing.T) {
	madeUp := notebook.MadeUp
	type values = map[string]float64
	for _, c := range []struct {
		section, outcome string
		judge            func(*notebook.Lab)
		want             []string
	}{
		{"errgroup", "stops the others", func(lab *notebook.Lab) {
			judgeGroups(lab, madeUp(values{"fails": 0.003, "well": 0.041, "completed, fails": 0, "alive, fails": 0, "alive, well": 0}),
				madeUp(values{"fails": 0.045, "well": 0.045, "completed": 5, "cancelled": 0, "tasks, fails": 0.004, "tasks completed": 0}))
		}, []string{
			python + "that's true. One of six threads failed early, and `cancel()` stopped none of the 5 that were running: the pool took 45 ms, as without an error. An asyncio `TaskGroup` ended after 4 ms, and none of its 5 other tasks ran to their end.",
			golang + "that's true. With an error the group ended after 3 ms, and none of the 5 others ran to their end. Without one it takes 41 ms.",
		}},
		{"errgroup", "doesn't", func(lab *notebook.Lab) {
			judgeGroups(lab, madeUp(values{"fails": 0.041, "well": 0.041, "completed, fails": 5, "alive, fails": 0, "alive, well": 0}),
				madeUp(values{"fails": 0.005, "well": 0.045, "completed": 0, "cancelled": 5}))
		}, []string{
			python + "that's not true. `cancel()` stopped 5 of 5 that were running.",
			golang + "that's not true. With an error the group ended after 41 ms, and 5 of the 5 others ran to their end. Without one it takes 41 ms.",
		}},
		{"bounded-queue", "waits, and some come too late", func(lab *notebook.Lab) {
			judgeQueues(lab, madeUp(values{"early": 0, "late": 23_000}), madeUp(values{"early": 0, "late": 400}))
		}, []string{
			python + "that's true. Cooks that put a dish into a full queue waited until there was room.",
			python + "that's true. In 9 of 9 rounds somebody saw that there was something, and came too late for it.",
			golang + "it's the same. Cooks that put a dish into a full queue waited until there was room.",
			golang + "it's the same. In 9 of 9 rounds somebody saw that there was something, and came too late for it.",
		}},
		{"bounded-queue", "nobody is late, no Python", func(lab *notebook.Lab) {
			judgeQueues(lab, madeUp(values{"early": 0, "late": 0}), noPython)
		}, []string{
			python + "we can't tell here. python3 was not found on PATH.",
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "it's the same. Cooks that put a dish into a full queue waited until there was room.",
			golang + "we can't tell here. Of 4 cooks, one saw that there was an order and found none, in none of 9 rounds, which proves nothing.",
		}},
		{"bounded-queue", "doesn't wait", func(lab *notebook.Lab) {
			judgeQueues(lab, madeUp(values{"early": 1, "late": 1}), madeUp(values{"early": 0, "late": 0}))
		}, []string{
			python + "that's true. Cooks that put a dish into a full queue waited until there was room.",
			python + "we can't tell here. Of 4 cooks, one saw that there was an order and found none, in none of 9 rounds, which proves nothing.",
			golang + "it's different. Cooks put a dish into a full queue before there was room.",
			golang + "it's the same. In 9 of 9 rounds somebody saw that there was something, and came too late for it.",
		}},
		{"once", "once", func(lab *notebook.Lab) {
			judgeOnce(lab, madeUp(values{"once": 1, "not once": 0, "tries": 1}), madeUp(values{"cache": 19, "again": 1, "lock": 1, "tries": 2}))
		}, []string{
			python + "that's true. When 20 threads asked at once, a function under `functools.cache` ran 19 times. With a lock around the call it ran once.",
			golang + "that's true. When 20 goroutines asked at once, a `sync.OnceValue` ran once.",
		}},
		{"once", "not once", func(lab *notebook.Lab) {
			judgeOnce(lab, madeUp(values{"once": 2, "not once": 1, "tries": 1}), madeUp(values{"cache": 1, "again": 0, "lock": 1, "tries": 2}))
		}, []string{
			python + "we can't tell here. The cached function was called again before its first call had ended, in none of 9 rounds, which proves nothing.",
			golang + "that's not true. When 20 goroutines asked at once, a `sync.OnceValue` ran 2 times.",
		}},
		{"singleflight", "one for all", func(lab *notebook.Lab) {
			judgeFlights(lab, madeUp(values{"stampede": 50, "not one, stampede": 49, "flight": 1, "not one, flight": 0}), madeUp(values{"stampede": 41, "flight": 1}))
		}, []string{
			golang + "that's true. Fifty asked at once. With a plain cache 50 of them made a request, with singleflight 1. In Python, with a plain cache 41 of fifty threads made one, with a `Future` 1.",
		}},
		{"singleflight", "no stampede, no Python", func(lab *notebook.Lab) {
			judgeFlights(lab, madeUp(values{"stampede": 1, "not one, stampede": 0, "flight": 1, "not one, flight": 0}), noPython)
		}, []string{
			golang + "we can't tell here. Without singleflight, too, there was 1 request in 9 of 9 rounds.",
		}},
		{"read-write-lock", "it depends", func(lab *notebook.Lab) {
			judgeReaders(lab, readersAs(0.5, 1.2), 2, 900, 100)
		}, []string{
			golang + "that's partly true. Long reads took 0.5× as long under a read-write lock as under a mutex. Short ones took 1.2× as long; through an `atomic.Pointer`, without a lock, they took 0.08×.",
			golang + "that's true. 100 readers held it at once, and no writer could have had it meanwhile.",
			golang + "that's true. While a writer waited, 900 came to read, and 900 of them had to wait until it had written.",
		}},
		{"read-write-lock", "faster", func(lab *notebook.Lab) {
			judgeReaders(lab, readersAs(0.5, 0.5), 2, 900, 100)
		}, []string{
			golang + "it's the same. Long reads took 0.5× as long under a read-write lock as under a mutex. Short ones took 0.5× as long; through an `atomic.Pointer`, without a lock, they took 0.08×.",
			golang + "that's true. 100 readers held it at once, and no writer could have had it meanwhile.",
			golang + "that's true. While a writer waited, 900 came to read, and 900 of them had to wait until it had written.",
		}},
		{"read-write-lock", "no faster", func(lab *notebook.Lab) {
			judgeReaders(lab, readersAs(1, 1.2), 2, 900, 100)
		}, []string{
			golang + "it's different. Long reads took 1× as long under a read-write lock as under a mutex. Short ones took 1.2× as long; through an `atomic.Pointer`, without a lock, they took 0.08×.",
			golang + "that's true. 100 readers held it at once, and no writer could have had it meanwhile.",
			golang + "that's true. While a writer waited, 900 came to read, and 900 of them had to wait until it had written.",
		}},
		{"barrier", "nobody is early", func(lab *notebook.Lab) {
			judgeBarrier(lab, madeUp(values{"early, together": 0, "early, alone": 12, "together": 0.084, "alone": 0.025, "not told": 0}),
				madeUp(values{"early, together": 0, "early, alone": 12, "together": 0.091, "alone": 0.03, "not told": 0}))
		}, []string{
			python + "that's true. 4 met in each of 4 rounds. With a barrier, none of the 16 went on too early; without one, 12 did. The price: every round is as slow as its slowest, so they took 91 ms instead of 30 ms.",
			python + "that's true. One of 4 lost patience, and another came too late. In 9 of 9 rounds all of them found the barrier broken.",
		}},
		{"barrier", "somebody is, no Python", func(lab *notebook.Lab) {
			judgeBarrier(lab, madeUp(values{"early, together": 1, "early, alone": 12, "together": 0.084, "alone": 0.025, "not told": 1}), noPython)
		}, []string{
			python + "we can't tell here. python3 was not found on PATH.",
			python + "we can't tell here. python3 was not found on PATH.",
		}},
		{"context", "told why", func(lab *notebook.Lab) {
			judgeContext(lab, wakeUpsAs(0), madeUp(values{"one deadline": 0.021, "one each": 0.061}))
		}, []string{
			python + "that's true. Three waits that never end took 21 ms under one deadline of 20 ms in asyncio. In threads, with a timeout of 20 ms at each, they took 61 ms.",
			golang + "it's the same. Under one context, three such waits took 20 ms; with a context for each, 60 ms.",
			golang + "that's true. 100 waits ended with their contexts, and each could say why: it returned the cause of the context that its own was made from.",
			golang + "that's true. Until 100 had given up, there were 5,050 wake-ups; until 200 had, 20,100.",
		}},
		{"context", "not told", func(lab *notebook.Lab) { judgeContext(lab, wakeUpsAs(3), noPython) }, []string{
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "it's the same. Under one context, three such waits took 20 ms; with a context for each, 60 ms.",
			golang + "that's not true. Not every wait that ended with its context could say why.",
			golang + "that's true. Until 100 had given up, there were 5,050 wake-ups; until 200 had, 20,100.",
		}},
	} {
		t.Run(c.section+", "+c.outcome, func(t *testing.T) {
			result, err := chapter.Try(c.section, c.judge)
			require.NoError(t, err)
			require.Equal(t, c.want, result.Said())
		})
	}
}

// readersAs returns samples of reads under a read-write lock that take so many
// times as long as under a mutex.
func readersAs(long, short float64) measure.Samples {
	s := notebook.MadeUp(map[string]float64{
		"long, mutex": 1, "long, readers": long, "short, mutex": 1, "short, readers": short, "short, pointer": 0.08,
		"one, mutex": 1, "one, readers": 1,
	})
	s.Add("served", 900)
	s.Add("writers", 0)
	return s
}

// wakeUpsAs returns samples of waits of which so many were told another cause.
func wakeUpsAs(wrong float64) measure.Samples {
	return notebook.MadeUp(map[string]float64{
		"wake-ups, cond": 5050, "wake-ups, 2 cond": 20_100, "wake-ups, condition": 100, "wake-ups, 2 condition": 200,
		"one deadline": 0.02, "one each": 0.06,
		"2 cond": 0.004, "2 condition": 0.001, "another cause": wrong,
	})
}
