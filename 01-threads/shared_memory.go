package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// orders is a global variable: every thread of this process has it.
var orders [3]string

func sharedMemory(_ context.Context, w io.Writer) error {
	var wg sync.WaitGroup
	for i, cook := range []string{"Ada", "Grace", "Edsger"} {
		wg.Go(func() {
			runtime.LockOSThread() // from here on, a thread
			orders[i] = cook + " cooks order " + fmt.Sprint(i+1)
		})
	}
	// Wait promises that what they wrote is seen after it.
	wg.Wait()
	for _, order := range orders {
		fmt.Fprintln(w, order)
	}
	return nil
}

func countThreadsAndAddresses(ctx context.Context, lab *notebook.Lab) error {
	const threads = 4
	lab.Predict("%d threads, as the system counts them, find the global variable at 1 address", threads)
	ids, addresses := make([]int, threads), make([]*[3]string, threads)
	var started, ended sync.WaitGroup
	started.Add(threads)
	for i := range threads {
		ended.Go(func() {
			runtime.LockOSThread()
			ids[i], addresses[i] = threadID(), &orders
			started.Done()
			started.Wait() // all of them live at once, so no number is given twice
		})
	}
	ended.Wait()
	judge := func(of notebook.Subject, ids, addresses float64) {
		lab.Judge("S4", of, measure.Fact(ids == threads && addresses == 1, "%.0f threads saw the variable at %.0f address", ids, addresses))
	}
	if ids[0] == 0 {
		lab.Judge("S4", notebook.Go, measure.Cannot("this program cannot ask %s for the number of a thread", runtime.GOOS))
	} else {
		judge(notebook.Go, distinct(ids), distinct(addresses))
	}

	twin := lab.Twin(ctx, map[string]any{"count": threads})
	if seen := twin.Estimate("threads"); seen.N == 0 {
		lab.Judge("S4", notebook.CPython, measure.Cannot("%s", seen.Missing))
	} else {
		judge(notebook.CPython, seen.Median, twin.Estimate("addresses").Median)
	}
	return nil
}

func distinct[T comparable](values []T) float64 {
	seen := make(map[T]bool)
	for _, v := range values {
		seen[v] = true
	}
	return float64(len(seen))
}
