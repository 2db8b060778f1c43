package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

const python, golang = "In Python, ", "In Go, "

var noPython = measure.Missing("no Python here")

// How each outcome reads, whichever machine it comes up on.
func TestAnswers(t *testing.T) {
	goroutines := notebook.MadeUp(map[string]float64{"1": 0.1, "2": 0.05, "4": 0.05, "2/cpus": 1.98})
	threads := func(two, cpus, hashes, hashCPUs float64) measure.Samples {
		return notebook.MadeUp(map[string]float64{"1 thread": 0.06, "2 threads": two, "4 threads": two, "2 threads/cpus": cpus,
			"digests": 0.028, "digests in 2 threads": hashes, "digests in 2 threads/cpus": hashCPUs})
	}
	silent := func(power float64) measure.Samples {
		return notebook.MadeUp(map[string]float64{"loop": 0.006, "power": power})
	}
	primes := func(threads, interpreters float64) measure.Samples {
		s := notebook.MadeUp(map[string]float64{"in turn": 0.1, "threads": 0.1 / threads, "threads/cpus": threads})
		if interpreters > 0 {
			s = s.With(notebook.MadeUp(map[string]float64{"interpreters": 0.1 / interpreters, "interpreters/cpus": interpreters}))
		}
		return s
	}
	noOther := notebook.MadeUp(map[string]float64{"in turn": 0.1, "threads": 0.05, "threads/cpus": 1.98})
	for _, c := range []struct {
		section, outcome string
		judge            func(*notebook.Lab)
		want             []string
	}{
		{"cpu-bound", "the usual build", func(lab *notebook.Lab) {
			judgeCPUBound(lab, goroutines, threads(0.0606, 1, 0.014, 1.9), 2, true)
		}, []string{
			python + "that's partly true. A loop that one thread runs in 60 ms takes 1.01× as long shared by two, and 1.01× shared by four. Only C code that releases the GIL gains: two hashes in two threads take 0.5× the time of one after another.",
			golang + "it's different. A loop that one goroutine runs in 100 ms takes 0.5× as long shared by two.",
		}},
		{"cpu-bound", "hashes gain nothing either", func(lab *notebook.Lab) {
			judgeCPUBound(lab, notebook.MadeUp(map[string]float64{"1": 0.1, "2": 0.1, "4": 0.1, "2/cpus": 1}), threads(0.066, 1, 0.028, 1), 2, true)
		}, []string{
			python + "that's true. A loop that one thread runs in 60 ms takes 1.1× as long shared by two, and 1.1× shared by four. C code gains nothing either: two hashes in two threads take 1× the time of one after another.",
			golang + "it's the same. A loop that one goroutine runs in 100 ms takes 1× as long shared by two.",
		}},
		{"cpu-bound", "free-threaded", func(lab *notebook.Lab) {
			judgeCPUBound(lab, goroutines, threads(0.03, 1.95, 0.014, 1.9), 2, false)
		}, []string{
			python + "that's not true. A loop that one thread runs in 60 ms takes 0.5× as long shared by two, and 0.5× shared by four. This Python has no GIL in the way.",
			golang + "it's different. A loop that one goroutine runs in 100 ms takes 0.5× as long shared by two.",
		}},
		{"letting-go", "threads wait together", func(lab *notebook.Lab) {
			judgeLettingGo(lab, notebook.MadeUp(map[string]float64{"in turn": 0.106, "in threads": 0.011}),
				notebook.MadeUp(map[string]float64{"in turn": 0.117, "in threads": 0.018, "PyDLL": 0, "CDLL": -11, "hashlib.sha256": 1.95, "json.loads": 1}))
		}, []string{
			python + "that's true. A call of that API without the GIL crashed the Python it ran in. C code that touches no Python objects can release it: two threads keep 1.95 CPUs busy in hashlib.sha256, and 1.00 in json.loads.",
			python + "that's partly true. A thread releases the GIL while it waits: ten threads wait for ten answers in 0.15× the time of one after another. Threads are enough for a hundred at a time; for many hundreds or thousands, asyncio is better.",
			golang + "it's different. Goroutines are enough, for thousands too. Here ten goroutines wait in 0.1× the time of one after another.",
		}},
		{"letting-go", "they don't", func(lab *notebook.Lab) {
			judgeLettingGo(lab, notebook.MadeUp(map[string]float64{"in turn": 0.106, "in threads": 0.106}),
				notebook.MadeUp(map[string]float64{"in turn": 0.117, "in threads": 0.118, "PyDLL": 0, "CDLL": 0}))
		}, []string{
			python + "we can't tell here. A call of Python's C API without the GIL did no harm here, which proves nothing.",
			python + "that's not true. Here ten threads wait for ten answers in 1.01× the time of one after another.",
			golang + "it's the same. Here ten goroutines wait in 1× the time of one after another.",
		}},
		{"convoy", "a convoy", func(lab *notebook.Lab) {
			judgeConvoy(lab, notebook.MadeUp(map[string]float64{"Go, no other goroutine": 0.0001, "Go, beside one that computes": 0.00008, "Go, beside one that computes, one CPU": 0.013}),
				notebook.MadeUp(map[string]float64{convoyCases[0].Name: 0.00009, convoyCases[1].Name: 0.0052}), 2)
		}, []string{
			python + "that's partly true. A thread does release the GIL before it waits, but then it has to get it back. An answer takes 90 µs. Beside one thread that computes it takes 5.2 ms.",
			golang + "it's different. An answer takes 100 µs, and beside a goroutine that computes 80 µs. On one CPU, Go is no better: 13 ms.",
		}},
		{"convoy", "none", func(lab *notebook.Lab) {
			judgeConvoy(lab, notebook.MadeUp(map[string]float64{"Go, no other goroutine": 0.0001, "Go, beside one that computes": 0.013, "Go, beside one that computes, one CPU": 0.013}),
				notebook.MadeUp(map[string]float64{convoyCases[0].Name: 0.00009, convoyCases[1].Name: 0.0001}), 2)
		}, []string{
			python + "that's true. An answer takes 90 µs. Beside one thread that computes it takes 100 µs.",
			golang + "it's the same. An answer takes 100 µs, and beside a goroutine that computes 13 ms.",
		}},
		{"c-call", "silent", func(lab *notebook.Lab) {
			judgeSilences(lab, notebook.MadeUp(map[string]float64{"power": 0.0021}), silent(0.13))
		}, []string{
			python + "that's not true. Beside a loop, another thread gets its turn after 6 ms. Beside a single 7777 ** 200000 it waits for 130 ms.",
			golang + "it's different. Beside the same power, another goroutine is silent for 2.1 ms.",
		}},
		{"c-call", "not silent", func(lab *notebook.Lab) {
			judgeSilences(lab, notebook.MadeUp(map[string]float64{"power": 0.021}), silent(0.006))
		}, []string{
			python + "that's true. Beside a loop, another thread gets its turn after 6 ms. Beside a single 7777 ** 200000 it waits for 6 ms.",
			golang + "it's the same. Beside the same power, another goroutine is silent for 21 ms.",
		}},
		{"plus-equals", "lost", func(lab *notebook.Lab) {
			judgePlusEquals(lab, notebook.MadeUp(map[string]float64{"lost": 57_000}), notebook.MadeUp(map[string]float64{"+= one()": 61_000, "+= 1": 0}))
		}, []string{
			python + "that's not true. Of 1,000,000 updates by two threads, 61,000 were lost.",
			golang + "it's the same. Of as many updates by two goroutines, 57,000 were lost.",
		}},
		{"plus-equals", "none lost", func(lab *notebook.Lab) {
			judgePlusEquals(lab, notebook.MadeUp(map[string]float64{"lost": 0}), notebook.MadeUp(map[string]float64{"+= one()": 0, "+= 1": 0}))
		}, []string{
			python + "we can't tell here. Updates were lost by += one() in none of 9 rounds, which proves nothing.",
			golang + "we can't tell here. Updates were lost without a lock in none of 9 rounds, which proves nothing.",
		}},
		{"without-gil", "free-threaded, and interpreters", func(lab *notebook.Lab) {
			judgeWithoutGIL(lab, noOther, []aPython{{"CPython 3.14.0", true, primes(1, 1.95)}, {"CPython 3.14.0 without a GIL", false, primes(1.9, 0)}}, 2)
		}, []string{
			python + "that's true. In CPython 3.14.0 without a GIL, threads keep 1.90 CPUs busy.",
			python + "that's true. Interpreters with a GIL each keep 1.95 CPUs busy (CPython 3.14.0).",
			golang + "it's the same. Go never had such a lock. Goroutines keep 1.98 CPUs busy.",
		}},
		{"without-gil", "interpreters alone", func(lab *notebook.Lab) {
			judgeWithoutGIL(lab, noOther, []aPython{{"CPython 3.11.7", true, primes(1, 0)}, {"CPython 3.13.0", true, primes(1, 1.95)}}, 2)
		}, []string{
			python + "we can't tell here. We had no Python without a GIL to try.",
			python + "that's true. Interpreters with a GIL each keep 1.95 CPUs busy (CPython 3.13.0).",
			golang + "it's the same. Go never had such a lock. Goroutines keep 1.98 CPUs busy.",
		}},
		{"without-gil", "no Python", func(lab *notebook.Lab) { judgeWithoutGIL(lab, noOther, nil, 2) }, []string{
			python + "we can't tell here. We had no Python without a GIL to try.",
			python + "we can't tell here. No Python was found whose interpreters have a GIL each: that takes 3.12 or later.",
			golang + "it's the same. Go never had such a lock. Goroutines keep 1.98 CPUs busy.",
		}},
		{"c-call", "no Python", func(lab *notebook.Lab) {
			judgeSilences(lab, notebook.MadeUp(map[string]float64{"power": 0.0021}), noPython)
		}, []string{
			python + "we can't tell here. No Python here.",
			golang + "it's different. Beside the same power, another goroutine is silent for 2.1 ms.",
		}},
	} {
		t.Run(c.section+", "+c.outcome, func(t *testing.T) {
			result, err := chapter.Try(c.section, c.judge)
			require.NoError(t, err)
			require.Equal(t, c.want, result.Said())
		})
	}
}

// A claim is answered in part where Python code and C code differ.
func TestParallel(t *testing.T) {
	of := func(x float64) measure.Estimate { return measure.EstimateOf([]float64{x}) }
	both := measure.EstimateOf([]float64{1, 1, 1, 2, 2, 2})
	for _, c := range []struct {
		python, c measure.Estimate
		want      measure.Answer
	}{
		{of(1), of(1.9), measure.InPart}, {of(1.9), of(1.9), measure.No}, {of(1), of(1), measure.Yes},
		{both, of(1.9), measure.CantTell}, {of(1), both, measure.CantTell}, {of(1.9), both, measure.No},
		{measure.Estimate{Missing: "none"}, of(1.9), measure.CantTell},
	} {
		require.Equal(t, c.want, parallel(c.python, c.c, measure.No, measure.Yes).Answer)
	}
}
