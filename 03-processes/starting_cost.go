package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// whereAmI tells which process runs it.
var whereAmI = procpool.Define("where-am-i",
	func(int) (pid int, err error) {
		return os.Getpid(), nil
	})

func startingCost(ctx context.Context, w io.Writer) error {
	const starts = 3
	var goroutines, workers [starts]int

	var wg sync.WaitGroup
	for i := range starts {
		wg.Go(func() { goroutines[i] = os.Getpid() })
	}
	wg.Wait()

	// A pool of one worker is a process, started and ended.
	for i := range starts {
		pool, err := procpool.New(1)
		if err != nil {
			return err
		}
		workers[i], err = whereAmI.Call(ctx, pool, 0)
		pool.Close()
		if err != nil {
			return err
		}
	}
	fmt.Fprintln(w, starts, "goroutines ran in", distinct(goroutines[:]), "process")
	fmt.Fprintln(w, starts, "workers ran in", distinct(workers[:]), "processes")
	return nil
}

func distinct(numbers []int) int {
	seen := make(map[int]bool)
	for _, n := range numbers {
		seen[n] = true
	}
	return len(seen)
}

func compareStarts(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("a goroutine takes a stack from the heap, a thread asks the system for one, a process brings a memory, a program and a runtime: each more than the one before")

	// So many starts in a run that it can be timed.
	const goroutines, threads = 1000, 20
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "goroutines", Run: func(context.Context) error {
			startAndWait(goroutines, func() {})
			return nil
		}},
		measure.Variant{Name: "threads", Run: func(context.Context) error {
			// A goroutine that ends locked takes its OS thread with it.
			startAndWait(threads, runtime.LockOSThread)
			return nil
		}},
		measure.Variant{Name: "process", Run: func(ctx context.Context) error {
			pool, err := procpool.New(1)
			if err != nil {
				return err
			}
			defer pool.Close()
			_, err = whereAmI.Call(ctx, pool, 0)
			return err
		}})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, nil)

	const unit = "µs, start to end"
	micros := func(e measure.Estimate, starts float64) measure.Estimate { return e.Times(1e6 / starts) }
	lab.Show("Go, goroutine", unit, micros(went.Estimate("goroutines"), goroutines))
	lab.Show("Go, OS thread", unit, micros(went.Estimate("threads"), threads))
	lab.Show("Go, process", unit, micros(went.Estimate("process"), 1))
	lab.Show("CPython, thread", unit, micros(twin.Estimate("thread"), 1))
	for _, method := range []string{"fork", "forkserver", "spawn"} {
		lab.Show("CPython, "+method, unit, micros(twin.Estimate(method), 1))
	}

	// Equal would be 1; a difference that is worth a word begins at 2.
	lab.Judge("3.3", notebook.Go, went.Ratio("process", "threads").Times(threads).Decide("a process / an OS thread", 3, 1))
	method := "fork" // the cheapest, where there is one
	if twin.Estimate(method).N == 0 {
		method = "spawn"
	}
	lab.Judge("3.3", notebook.CPython, twin.Ratio(method, "thread").Decide("a process made by "+method+" / a thread", 3, 1))
	lab.Judge("3.7", notebook.CPython, measure.All(
		twin.Ratio("spawn", "fork").Decide("spawn / fork", 3, 1),
		twin.Ratio("spawn", "forkserver").Decide("spawn / forkserver", 3, 1)))
	return nil
}

// startAndWait runs the job in n goroutines, each started when the one before
// it has ended.
func startAndWait(n int, job func()) {
	for range n {
		var wg sync.WaitGroup
		wg.Go(job)
		wg.Wait()
	}
}
