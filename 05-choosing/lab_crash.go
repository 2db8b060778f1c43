package main

import (
	"context"
	"fmt"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/04-async/eventloop"
	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

const others = allTasks - 1 // beside the one that crashes

// inOneLoop is inOneProcess with coroutines.
var inOneLoop = again.Define("all-in-one-loop", func(_ string) error {
	err := eventloop.Run(context.Background(), func(co *eventloop.Coroutine) error {
		return eventloop.InGroup(co, func(g *eventloop.Group) error {
			for task := range allTasks {
				g.Go(func(*eventloop.Coroutine) error { work(task); return nil })
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	return again.Say(allTasks)
})

func measureCrash(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("a task that kills its process takes with it all %d others that share the process, and none that has a process of its own", others)
	var went measure.Samples
	for name, program := range map[string]*again.Program[string]{"goroutines": inOneProcess, "event loop": inOneLoop} {
		done, _ := again.Run[int](ctx, program, "")
		went.Add(name, float64(max(others-done, 0)))
	}
	lost, err := lostInPool(ctx)
	if err != nil {
		return err
	}
	went.Add("processes", float64(lost))
	judgeCrash(lab, went, lab.Twin(ctx, nil))
	return nil
}

// lostInPool returns how many of the other tasks procpool loses.
func lostInPool(ctx context.Context) (lost int, err error) {
	pool, err := procpool.New(2)
	if err != nil {
		return 0, err
	}
	defer pool.Close()
	failed := make(chan int, allTasks)
	for task := range allTasks {
		go func() {
			_, err := workElsewhere.Call(ctx, pool, task)
			failed <- int(measure.Truth(err != nil))
		}()
	}
	for range allTasks {
		lost += <-failed
	}
	return lost - 1, ctx.Err()
}

func judgeCrash(lab *notebook.Lab, went, theirs measure.Samples) {
	unit := notebook.Unit{Name: fmt.Sprintf("lost, of %d other tasks", others), Say: measure.Count}
	for _, r := range []struct {
		name, variant string
		samples       measure.Samples
	}{
		{"CPython, threads", "threads", theirs}, {"CPython, asyncio", "asyncio", theirs},
		{"CPython, ProcessPoolExecutor", "executor", theirs}, {"CPython, a process for each", "processes", theirs},
		{"Go, goroutines", "goroutines", went}, {"Go, event loop", "event loop", went}, {"Go, procpool", "processes", went},
	} {
		lab.Figure(unit, r.name, r.samples.Estimate(r.variant))
	}
	judge := func(of notebook.Subject, s measure.Samples, together ...string) {
		apart := s.Estimate("processes")
		if apart.N == 0 {
			lab.Judge("5.6", of, measure.Cannot("%s", apart.Missing))
			return
		}
		right, evidence := apart.High == 0, fmt.Sprintf("of %d other tasks, processes lost %s", others, measure.Count(apart.High))
		for _, name := range together {
			lost := s.Estimate(name)
			right = right && lost.Low == others
			evidence += fmt.Sprintf(", %s %s", name, measure.Count(lost.Low))
		}
		lab.Judge("5.6", of, measure.Fact(right, "%s", evidence))
	}
	judge(notebook.CPython, theirs, "threads", "asyncio")
	judge(notebook.Go, went, "goroutines", "event loop")

	lost := func(s measure.Samples, name string) string { return measure.Count(s.Estimate(name).Median) }
	pool := fmt.Sprintf("This time, ProcessPoolExecutor lost %s: it gives up whatever isn't done yet.", lost(theirs, "executor"))
	lab.Answer("5.6", notebook.CPython, notebook.Wording{
		measure.Yes: fmt.Sprintf("Threads and asyncio tasks lost all %d others, a process for each lost none. ", others) + pool,
		measure.No: fmt.Sprintf("Of %d others, threads lost %s, asyncio tasks %s, and a process for each %s. ",
			others, lost(theirs, "threads"), lost(theirs, "asyncio"), lost(theirs, "processes")) + pool,
	})
	lab.Answer("5.6", notebook.Go, notebook.Wording{
		measure.Yes: fmt.Sprintf("Goroutines lost all %d others, worker processes none.", others),
		measure.No:  fmt.Sprintf("Of %d others, goroutines lost %s, and worker processes %s.", others, lost(went, "goroutines"), lost(went, "processes")),
	})
}
