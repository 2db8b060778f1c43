package main

import (
	"context"
	"fmt"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func measureMatrix(ctx context.Context, lab *notebook.Lab) error {
	lab.CPUs("5.1")
	lab.Predict("processes take 1/CPUs of the time that threads take for what computes (5.1); for few waits, threads take at most two thirds of the time that asyncio takes, if they are the better choice (5.2); asyncio takes at most half of the time to open many connections, and half of the memory, that threads take, and so do goroutines (5.3)")
	m := &results
	var names []string
	for _, j := range jobs {
		names = append(names, j.name)
	}
	if err := m.measure(ctx, lab, names...); err != nil {
		return err
	}
	judgeRules(lab, m)
	return nil
}

// A rule of the article names a model. It is judged by one other that is named
// beforehand, and not by the best of what was measured.
func judgeRules(lab *notebook.Lab, m *measured) {
	lab.Grid(m.grid())
	python, golang := m.inPython, m.inGo
	show := func(unit notebook.Unit, job, what string, models ...string) {
		for _, model := range models {
			lab.Figure(unit, "CPython, "+model, python[job].Estimate(model+what))
			lab.Figure(unit, "Go, "+model, golang[job].Estimate(model+what))
		}
	}
	show(notebook.Unit{Name: "CPUs kept busy, computing", Say: measure.Number}, computing, "/busy", threadPool, processPool, interpreterPool, goroutines, processes)
	show(notebook.Time("time to open them, many waits"), manyWaits, "/opening", threadPool, asyncio, threads, goroutines, eventLoop)
	show(notebook.Unit{Name: "memory a connection, many waits", Say: measure.Bytes}, manyWaits, "/memory", threadPool, asyncio, threads, goroutines, eventLoop)
	if m.many < manyTasks {
		lab.Remark("Of many waits there were %s, and not %s: the system allows no more open files.", number(m.many), number(manyTasks))
	}
	m.judgeComputing(lab)
	m.judgeFewWaits(lab)
	m.judgeManyWaits(lab)
}

func (m *measured) judgeComputing(lab *notebook.Lab) {
	python, golang := m.inPython[computing], m.inGo[computing]
	share := 1 / float64(m.cpus)
	// Right for Python code, and wrong for C code that releases the GIL (S15).
	lab.Judge("5.1", notebook.CPython, python.Ratio(processPool, threadPool).Decide("time of processes / threads", share, 1).Means(measure.InPart, measure.No))
	needed := golang.Ratio(processes, goroutines).Decide("time of processes / goroutines", share, 1)
	lab.Judge("5.1", notebook.Go, needed)
	found := fmt.Sprintf("CPU-bound: threads count primes in %s; processes need %s", python.Estimate(threadPool).Seconds(), python.Estimate(processPool).Seconds())
	if own := python.Estimate(interpreterPool); own.N > 0 {
		found += fmt.Sprintf(", and interpreters with a GIL each %s", own.Seconds())
	}
	found += ", once they're started."
	lab.Answer("5.1", notebook.CPython, notebook.Wording{
		measure.InPart: found + " That's Python code; for C code that releases the GIL, threads are enough.",
		measure.No:     found,
	})
	found = fmt.Sprintf("CPU-bound: goroutines count primes in %s; processes need %s, once they're started.", golang.Estimate(goroutines).Seconds(), golang.Estimate(processes).Seconds())
	if needed.Answer == measure.No {
		found += " Goroutines use all CPUs as it is."
	}
	lab.Answer("5.1", notebook.Go, notebook.Wording{measure.Same: found, measure.Different: found})
}

func (m *measured) judgeFewWaits(lab *notebook.Lab) {
	python, golang := m.inPython[fewWaits], m.inGo[fewWaits]
	const little = 1.5 // times as long is too little to decide by, for some milliseconds
	beside := python.Ratio(threadPool, asyncio)
	verdict := beside.Within("time of threads / asyncio", 1/little, little).Means(measure.InPart, measure.No)
	if verdict.Answer == measure.No && beside.High < 1/little {
		verdict.Answer = measure.Yes
	}
	lab.Judge("5.2", notebook.CPython, verdict)
	lab.Judge("5.2", notebook.Go, golang.Ratio(threads, goroutines).Below("time of threads / goroutines", 1/little))

	found := fmt.Sprintf("Ten connections: threads need %s for what takes %s one after another, and asyncio needs %s.",
		python.Estimate(threadPool).Seconds(), python.Estimate(sequential).Seconds(), python.Estimate(asyncio).Seconds())
	better := "Neither is quicker."
	switch {
	case beside.High < 1:
		better = "Threads are a little quicker, too little to decide by."
	case beside.Low > 1:
		better = "asyncio is a little quicker, too little to decide by."
	}
	lab.Answer("5.2", notebook.CPython, notebook.Wording{
		measure.Yes: found, measure.No: found,
		measure.InPart: found + " " + better,
	})
	found = fmt.Sprintf("Ten connections: goroutines need %s, and %s if each has a thread of its own.", golang.Estimate(goroutines).Seconds(), golang.Estimate(threads).Seconds())
	lab.Answer("5.2", notebook.Go, notebook.Wording{measure.Same: found, measure.Different: found})
}

func (m *measured) judgeManyWaits(lab *notebook.Lab) {
	python, golang := m.inPython[manyWaits], m.inGo[manyWaits]
	const half = 0.5
	time := python.Ratio(asyncio+"/opening", threadPool+"/opening").Below("time to open them, of asyncio / threads", half)
	memory := python.Ratio(asyncio+"/memory", threadPool+"/memory").Below("memory of asyncio / threads", half)
	inPython := measure.All(time, memory)
	if one, other := time.Answer, memory.Answer; one == measure.CantTell || other == measure.CantTell {
		inPython.Answer = measure.CantTell
	} else if one != other {
		inPython.Answer = measure.InPart
	}
	// In Go, what has no need of an event loop is different.
	inGo := measure.All(
		golang.Ratio(goroutines+"/opening", threads+"/opening").Below("time to open them, of goroutines / threads", half),
		golang.Ratio(goroutines+"/memory", threads+"/memory").Below("memory of goroutines / threads", half),
	).Means(measure.No, measure.Yes)
	if m.many < manyTasks/5 {
		inPython = measure.Cannot("%d connections are not many, and the system allows no more", m.many)
		inGo = inPython
	}
	lab.Judge("5.3", notebook.CPython, inPython)
	lab.Judge("5.3", notebook.Go, inGo)

	say := func(s measure.Samples, model string) string {
		return fmt.Sprintf("%s and %s", s.Estimate(model+"/opening").Seconds(), measure.Bytes(s.Estimate(model+"/memory").Median))
	}
	found := fmt.Sprintf("To open %s connections, asyncio needs %s for each; threads need %s.",
		number(m.many), say(python, asyncio), say(python, threadPool))
	lab.Answer("5.3", notebook.CPython, notebook.Wording{measure.Yes: found, measure.InPart: found, measure.No: found})
	found = fmt.Sprintf("To open %s connections, goroutines need %s for each; with threads of their own they need %s, and an event loop needs %s.", number(m.many), say(golang, goroutines), say(golang, threads), say(golang, eventLoop))
	lab.Answer("5.3", notebook.Go, notebook.Wording{measure.Same: found, measure.Different: found})
}
