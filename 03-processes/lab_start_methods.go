package main

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// How long a child may take that was started while a lock was held. One that
// does get the lock takes a tenth of it.
const patience = time.Second

// So many threads are started in a run, one after another: a single one is
// over too soon to be timed.
const threads = 20

func compareStarts(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("a goroutine is an entry in a list, a thread is made by the system, a fork copies the tables of a memory, and a fresh process has its program to load and its runtime to start: each takes longer than the one before. A child that is forked while a thread holds a lock never gets that lock")
	const goroutines = 1000 // in a run
	startAndEnd := func(name string, n int, job func()) measure.Variant {
		return measure.Variant{Name: name, Run: func(context.Context) error {
			for range n {
				var wg sync.WaitGroup
				wg.Go(job)
				wg.Wait()
			}
			return nil
		}}
	}
	went, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"patience": patience.Seconds(), "threads": threads},
		startAndEnd("goroutines", goroutines, func() {}),
		// A goroutine that ends locked takes its thread with it.
		startAndEnd("threads", threads, runtime.LockOSThread),
		measure.Variant{Name: "process", Run: func(ctx context.Context) error {
			pool, err := procpool.New(1)
			if err != nil {
				return err
			}
			defer pool.Close()
			_, err = readMenu.Call(ctx, pool, 0)
			return err
		}})
	if err != nil {
		return err
	}
	ours := starts{
		goroutine: went.Estimate("goroutines").Times(1. / goroutines),
		thread:    went.Estimate("threads").Times(1. / threads),
		process:   went.Estimate("process"),
		heavier:   went.Ratio("process", "threads").Times(threads),
	}
	judgeStarts(lab, ours, theirs)
	return nil
}

// starts has what it takes in Go to start one and to wait for its end.
type starts struct {
	goroutine, thread, process measure.Estimate
	heavier                    measure.Estimate // a process than a thread
}

func judgeStarts(lab *notebook.Lab, ours starts, theirs measure.Samples) {
	time := notebook.Time("time from start to end")
	lab.Headline(time, "To start one, and wait for its end")
	cheapest := ""
	var said []string
	for _, method := range []string{"fork", "forkserver", "spawn"} {
		took := theirs.Estimate(method)
		lab.Figure(time, "CPython, "+method, took)
		if took.N > 0 {
			said = append(said, fmt.Sprintf("%s with %s", took.Seconds(), method))
			if cheapest == "" {
				cheapest = method
			}
		}
	}
	interpreter := theirs.Estimate("interpreter") // since 3.14
	lab.Figure(time, "CPython, an interpreter in the same process", interpreter)
	thread := theirs.Estimate("threads").Times(1. / threads)
	lab.Figure(time, "CPython, a thread", thread)
	lab.Figure(time, "Go, a worker process", ours.process)
	lab.Figure(time, "Go, a system thread", ours.thread)
	lab.Figure(time, "Go, a goroutine", ours.goroutine)

	// Equal would be 1; a difference that is worth a word begins at 2.
	lab.Judge("3.3", notebook.CPython, theirs.Ratio(cheapest, "threads").Times(threads).Decide("a process made by "+cheapest+" / a thread", 3, 1))
	lab.Judge("3.3", notebook.Go, ours.heavier.Decide("a process / a system thread", 3, 1))
	lab.Judge("3.7", notebook.CPython, measure.All(
		theirs.Ratio("spawn", "fork").Decide("spawn / fork", 3, 1),
		theirs.Ratio("spawn", "forkserver").Decide("spawn / forkserver", 3, 1)))

	stuck, fresh := theirs.Estimate("fork, ends"), theirs.Estimate("fresh, ends")
	verdict := measure.Cannot("%s", cmp.Or(thread.Missing, "this system has no fork"))
	if stuck.N > 0 {
		verdict = measure.Fact(stuck.Median == 0 && fresh.Median == 1,
			"started while a thread held a lock, a child that was forked ended within %s: %s; children of spawn and forkserver: %s",
			measure.Seconds(patience.Seconds()), yesOrNo(stuck.Median == 1), yesOrNo(fresh.Median == 1))
	}
	lab.Judge("3.15", notebook.CPython, verdict)
	costs := ""
	if len(said) > 0 {
		costs = fmt.Sprintf("To start one and wait for its end takes %s; a thread takes %s.", list(said), thread.Seconds())
		if interpreter.N > 0 {
			costs += fmt.Sprintf(" An interpreter in the same process takes %s.", interpreter.Seconds())
		}
	}
	lab.Answer("3.3", notebook.CPython, notebook.Wording{measure.Yes: costs, measure.No: costs})
	found := fmt.Sprintf("To start one and wait for its end takes %s for a worker, %s for a system thread and %s for a goroutine.", ours.process.Seconds(), ours.thread.Seconds(), ours.goroutine.Seconds())
	lab.Answer("3.3", notebook.Go, notebook.Wording{measure.Same: found, measure.Different: found})
	lab.Answer("3.15", notebook.CPython, notebook.Wording{
		measure.Yes: fmt.Sprintf("A child that was forked while a thread held a lock was still waiting for it after %s. Children that began afresh, by spawn or forkserver, ended.", measure.Seconds(patience.Seconds())),
		measure.No:  "A child that was forked while a thread held a lock wasn't held up by it here.",
	})
}

// list says several things: "3 ms with fork, 14 ms with forkserver and 87 ms
// with spawn".
func list(things []string) string {
	last := len(things) - 1
	if last == 0 {
		return things[0]
	}
	return strings.Join(things[:last], ", ") + " and " + things[last]
}
