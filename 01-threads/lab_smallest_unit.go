package main

import (
	"context"
	"fmt"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func countThreads(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("while 50 threads wait, the system has at least 50 threads; while 10,000 asyncio tasks or goroutines wait, it has a handful")
	var counted measure.Samples
	count := func(name string, n int, keepThread bool) measure.Variant {
		return measure.Variant{Name: name, Run: func(context.Context) error {
			whileWaiting(n, keepThread, func() { counted.Add(name+" seen", float64(systemThreads())) })
			return nil
		}}
	}
	_, theirs, err := lab.InTurnWithTwin(ctx, nil, count("threads", 50, true), count("goroutines", 10_000, false))
	if err != nil {
		return err
	}
	judgeSmallestUnit(lab, counted, theirs)
	return nil
}

func judgeSmallestUnit(lab *notebook.Lab, counted, theirs measure.Samples) {
	unit := notebook.Unit{Name: "threads of the system meanwhile", Say: measure.Count}
	threads, tasks := theirs.Estimate("threads"), theirs.Estimate("tasks")
	locked, goroutines := counted.Estimate("threads seen"), counted.Estimate("goroutines seen")
	lab.Figure(unit, "CPython, 50 threads", threads)
	lab.Figure(unit, "CPython, 10,000 asyncio tasks", tasks)
	lab.Figure(unit, "Go, 50 goroutines that keep a thread", locked)
	lab.Figure(unit, "Go, 10,000 goroutines", goroutines)

	const why, few = "threads are counted, not timed", 100
	one := threads.Above("threads of the system, for 50 threads", 49).DespiteLoad(why)
	none := tasks.Below("threads of the system, for 10,000 asyncio tasks", few).DespiteLoad(why)
	lab.Judge("S3", notebook.CPython, measure.All(one, none))
	lab.Judge("1.6", notebook.CPython, one)
	ours := goroutines.Below("threads of the system, for 10,000 goroutines", few).DespiteLoad(why)
	lab.Judge("S3", notebook.Go, ours.Means(measure.Same, measure.Different))
	lab.Judge("1.6", notebook.Go, ours.Means(measure.Different, measure.Same))

	lab.Answer("S3", notebook.CPython, notebook.Wording{
		measure.Yes: fmt.Sprintf("The system sees every one of 50 Python threads. Of 10,000 asyncio tasks it sees none: they share %s.", number(tasks, "thread")),
		measure.No:  fmt.Sprintf("The system had %s for 50 Python threads, and %s for 10,000 asyncio tasks.", number(threads, "thread"), number(tasks, "thread")),
	})
	lab.Answer("S3", notebook.Go, notebook.Wording{
		measure.Same:      fmt.Sprintf("The system runs threads. But a goroutine isn't one: 10,000 of them share %s, and the system never hears of them.", number(goroutines, "thread")),
		measure.Different: fmt.Sprintf("Here the system had %s for 10,000 goroutines.", number(goroutines, "thread")),
	})
}
