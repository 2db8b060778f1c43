package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

var noPython = measure.Missing("python3 was not found on PATH")

const inPythonIs, inGoIs = "In Python, ", "In Go, "

// How each outcome reads, whichever machine it comes up on.
func TestAnswers(t *testing.T) {
	onLinux := map[string]took{
		computing: {threadPool: {0.15}, processPool: {0.1}},
		fewWaits:  {sequential: {0.14}, threadPool: {0.018}, asyncio: {0.02}},
		manyWaits: {threadPool: {1, 19456}, asyncio: {0.3, 4506}},
		beside:    {threadPool: {0, 0.45}, asyncio: {0, 1}, processPool: {0, 0.08}},
	}
	inGo := map[string]took{
		computing: {goroutines: {0.08}, processes: {0.085}},
		fewWaits:  {goroutines: {0.015}, threads: {0.019}},
		manyWaits: {goroutines: {0.3, 11264}, threads: {1, 29696}, eventLoop: {0.25, 6451}},
		beside:    {goroutines: {0, 0.003}, eventLoop: {0, 1}, processes: {0, 0.03}},
	}
	rules := func(m *measured) func(*notebook.Lab) {
		return func(lab *notebook.Lab) { judgeRules(lab, m) }
	}
	otherwise := map[string]took{
		computing: {threadPool: {0.1}, processPool: {0.1}},
		fewWaits:  {sequential: {0.14}, threadPool: {0.01}, asyncio: {0.02}},
		manyWaits: {threadPool: {1, 8192}, asyncio: {0.3, 8192}},
		beside:    {threadPool: {0, 0.1}, asyncio: {0, 0.2}, processPool: {0, 0}},
	}
	otherGo := map[string]took{
		computing: {goroutines: {0.16}, processes: {0.08}},
		fewWaits:  {goroutines: {0.02}, threads: {0.01}},
		manyWaits: {goroutines: {1, 8192}, threads: {1, 8192}, eventLoop: {0.25, 2048}},
		beside:    {goroutines: {0, 0.9}, eventLoop: {0, 1}, processes: {0, 0.03}},
	}
	fewer := func(inThreads float64) func(*notebook.Lab) {
		return func(lab *notebook.Lab) {
			madeUp(map[string]took{fewWaits: {sequential: {0.14}, threadPool: {inThreads}, asyncio: {0.02}}}, inGo).judgeFewWaits(lab)
		}
	}
	crowdless := madeUp(onLinux, inGo)
	crowdless.many = 100
	for _, c := range []struct {
		section, outcome string
		judge            func(*notebook.Lab)
		want             []string
	}{
		{"crash", "as ever", func(lab *notebook.Lab) {
			judgeCrash(lab, notebook.MadeUp(map[string]float64{"goroutines": 9, "event loop": 9, "processes": 0}),
				notebook.MadeUp(map[string]float64{"threads": 9, "asyncio": 9, "processes": 0, "executor": 5}))
		}, []string{
			inPythonIs + "that's true. Threads and asyncio tasks lost all 9 others, a process for each lost none. This time, ProcessPoolExecutor lost 5: it gives up whatever isn't done yet.",
			inGoIs + "that's true. Goroutines lost all 9 others, worker processes none.",
		}},
		{"crash", "another way", func(lab *notebook.Lab) {
			judgeCrash(lab, notebook.MadeUp(map[string]float64{"goroutines": 9, "event loop": 9, "processes": 1}),
				notebook.MadeUp(map[string]float64{"threads": 8, "asyncio": 9, "processes": 0, "executor": 0}))
		}, []string{
			inPythonIs + "that's not true. Of 9 others, threads lost 8, asyncio tasks 9, and a process for each 0. This time, ProcessPoolExecutor lost 0: it gives up whatever isn't done yet.",
			inGoIs + "that's not true. Of 9 others, goroutines lost 9, and worker processes 1.",
		}},
		{"crash", "no Python", func(lab *notebook.Lab) {
			judgeCrash(lab, notebook.MadeUp(map[string]float64{"goroutines": 9, "event loop": 9, "processes": 0}), noPython)
		}, []string{
			inPythonIs + "we can't tell here. python3 was not found on PATH.",
			inGoIs + "that's true. Goroutines lost all 9 others, worker processes none.",
		}},
		{"matrix", "as on Linux", rules(madeUp(onLinux, inGo)), []string{
			inPythonIs + "that's partly true. CPU-bound: threads count primes in 150 ms; processes need 100 ms, once they're started. That's Python code; for C code that releases the GIL, threads are enough.",
			inGoIs + "it's different. CPU-bound: goroutines count primes in 80 ms; processes need 85 ms, once they're started. Goroutines use all CPUs as it is.",
			inPythonIs + "that's partly true. Ten connections: threads need 18 ms for what takes 140 ms one after another, and asyncio needs 20 ms. Threads are a little quicker, too little to decide by.",
			inGoIs + "it's different. Ten connections: goroutines need 15 ms, and 19 ms if each has a thread of its own.",
			inPythonIs + "that's true. To open 2,000 connections, asyncio needs 300 ms and 4.4 KiB for each; threads need 1 s and 19 KiB.",
			inGoIs + "it's different. To open 2,000 connections, goroutines need 300 ms and 11 KiB for each; with threads of their own they need 1 s and 29 KiB, and an event loop needs 250 ms and 6.3 KiB.",
		}},
		{"matrix", "all the other way", rules(madeUp(otherwise, otherGo)), []string{
			inPythonIs + "that's not true. CPU-bound: threads count primes in 100 ms; processes need 100 ms, once they're started.",
			inGoIs + "it's different. CPU-bound: goroutines count primes in 160 ms; processes need 80 ms, once they're started.",
			inPythonIs + "that's true. Ten connections: threads need 10 ms for what takes 140 ms one after another, and asyncio needs 20 ms.",
			inGoIs + "it's the same. Ten connections: goroutines need 20 ms, and 10 ms if each has a thread of its own.",
			inPythonIs + "that's partly true. To open 2,000 connections, asyncio needs 300 ms and 8 KiB for each; threads need 1 s and 8 KiB.",
			inGoIs + "it's the same. To open 2,000 connections, goroutines need 1 s and 8 KiB for each; with threads of their own they need 1 s and 8 KiB, and an event loop needs 250 ms and 2 KiB.",
		}},
		{"matrix", "few connections", rules(crowdless), []string{
			inPythonIs + "that's partly true. CPU-bound: threads count primes in 150 ms; processes need 100 ms, once they're started. That's Python code; for C code that releases the GIL, threads are enough.",
			inGoIs + "it's different. CPU-bound: goroutines count primes in 80 ms; processes need 85 ms, once they're started. Goroutines use all CPUs as it is.",
			inPythonIs + "that's partly true. Ten connections: threads need 18 ms for what takes 140 ms one after another, and asyncio needs 20 ms. Threads are a little quicker, too little to decide by.",
			inGoIs + "it's different. Ten connections: goroutines need 15 ms, and 19 ms if each has a thread of its own.",
			inPythonIs + "we can't tell here. 100 connections are not many, and the system allows no more.",
			inGoIs + "we can't tell here. 100 connections are not many, and the system allows no more.",
		}},
		{"matrix", "interpreters with a GIL each", func(lab *notebook.Lab) {
			m := madeUp(map[string]took{computing: {threadPool: {0.15}, processPool: {0.1}, interpreterPool: {0.11}}}, inGo)
			m.judgeComputing(lab)
		}, []string{
			inPythonIs + "that's partly true. CPU-bound: threads count primes in 150 ms; processes need 100 ms, and interpreters with a GIL each 110 ms, once they're started. That's Python code; for C code that releases the GIL, threads are enough.",
			inGoIs + "it's different. CPU-bound: goroutines count primes in 80 ms; processes need 85 ms, once they're started. Goroutines use all CPUs as it is.",
		}},
		{"matrix", "no Python", rules(madeUp(nil, inGo)), []string{
			inPythonIs + "we can't tell here. python3 was not found on PATH.",
			inGoIs + "it's different. CPU-bound: goroutines count primes in 80 ms; processes need 85 ms, once they're started. Goroutines use all CPUs as it is.",
			inPythonIs + "we can't tell here. python3 was not found on PATH.",
			inGoIs + "it's different. Ten connections: goroutines need 15 ms, and 19 ms if each has a thread of its own.",
			inPythonIs + "we can't tell here. python3 was not found on PATH.",
			inGoIs + "it's different. To open 2,000 connections, goroutines need 300 ms and 11 KiB for each; with threads of their own they need 1 s and 29 KiB, and an event loop needs 250 ms and 6.3 KiB.",
		}},
		{"matrix", "asyncio is a little quicker", fewer(0.022), []string{
			inPythonIs + "that's partly true. Ten connections: threads need 22 ms for what takes 140 ms one after another, and asyncio needs 20 ms. asyncio is a little quicker, too little to decide by.",
			inGoIs + "it's different. Ten connections: goroutines need 15 ms, and 19 ms if each has a thread of its own.",
		}},
		{"matrix", "neither is quicker", fewer(0.02), []string{
			inPythonIs + "that's partly true. Ten connections: threads need 20 ms for what takes 140 ms one after another, and asyncio needs 20 ms. Neither is quicker.",
			inGoIs + "it's different. Ten connections: goroutines need 15 ms, and 19 ms if each has a thread of its own.",
		}},
		{"mixed", "as ever", func(lab *notebook.Lab) { judgeMixed(lab, madeUp(onLinux, inGo)) }, []string{
			inPythonIs + "that's true. Beside a computation, requests in asyncio waited for 100 % of its time, in threads for 45 %, and in processes for 8 %.",
			inGoIs + "that's true. In an event loop they waited for 100 % of its time, in goroutines for 0 %, and in processes for 3 %.",
		}},
		{"mixed", "on one CPU", func(lab *notebook.Lab) { judgeMixed(lab, madeUp(otherwise, otherGo)) }, []string{
			inPythonIs + "that's not true. Beside a computation, requests in asyncio waited for 20 % of its time, in threads for 10 %, and in processes for 0 %.",
			inGoIs + "that's not true. In an event loop they waited for 100 % of its time, in goroutines for 90 %, and in processes for 3 %.",
		}},
		{"workers", "as ever", func(lab *notebook.Lab) { tryWorkers(lab, 0.89) }, []string{
			inGoIs + "that's true. The formula says 18 workers. They get 89 % of the work done that 72 do in the same time; 4 workers get 22 % of it done.",
		}},
		{"workers", "threads of Python", func(lab *notebook.Lab) {
			judgeTheirWorkers(lab, notebook.MadeUp(map[string]float64{"workers": 11, "few": 0.2, "knee": 0.95}))
		}, []string{
			inPythonIs + "that's true. For threads with a GIL, one CPU counts, and the formula says 11. They get 95 % of the work done that 44 do in the same time; 2 threads get 20 % of it done.",
		}},
		{"workers", "no Python", func(lab *notebook.Lab) { judgeTheirWorkers(lab, noPython) }, []string{
			inPythonIs + "we can't tell here. python3 was not found on PATH.",
		}},
		{"workers", "too few", func(lab *notebook.Lab) { tryWorkers(lab, 0.6) }, []string{
			inGoIs + "that's not true. The formula says 18 workers. They get 60 % of the work done that 72 do in the same time; 4 workers get 22 % of it done.",
		}},
	} {
		t.Run(c.section+", "+c.outcome, func(t *testing.T) {
			result, err := chapter.Try(c.section, c.judge)
			require.NoError(t, err)
			require.Equal(t, c.want, result.Said())
		})
	}
}

func tryWorkers(lab *notebook.Lab, reached float64) {
	rate := func(x float64) measure.Estimate { return measure.EstimateOf([]float64{x, x, x}) }
	judgeWorkers(lab, rated{"few", 4, rate(0.22)}, rated{"knee", 18, rate(reached)}, 72, 2,
		notebook.MadeUp(map[string]float64{"few/cpus": 0.4, "knee/cpus": 1.6, "many/cpus": 1.8}))
}
