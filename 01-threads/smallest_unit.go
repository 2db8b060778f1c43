package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/metrics"
	"sync"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func smallestUnit(_ context.Context, w io.Writer) error {
	before := osThreads()

	// Fifty goroutines that ask for a thread of their own, and wait.
	more := whileWaiting(50, true, func() int { return osThreads() - before })
	fmt.Fprintln(w, "50 that keep a thread: a thread for each:", more >= 40)

	// Ten thousand that do not ask.
	more = whileWaiting(10_000, false, func() int { return osThreads() - before })
	fmt.Fprintln(w, "10,000 that do not: a handful of threads:", more < 100)
	return nil
}

// osThreads returns how many threads of the system this program has.
func osThreads() int {
	sample := []metrics.Sample{{Name: "/sched/threads/total:threads"}}
	metrics.Read(sample)
	return int(sample[0].Value.Uint64())
}

// whileWaiting starts n goroutines, looks while all of them wait, and lets them
// end.
func whileWaiting(n int, keepThread bool, look func() int) int {
	var started, ended sync.WaitGroup
	goOn := make(chan struct{})
	started.Add(n)
	for range n {
		ended.Go(func() {
			if keepThread {
				runtime.LockOSThread() // the thread ends with the goroutine
			}
			started.Done()
			<-goOn
		})
	}
	started.Wait()
	seen := look()
	close(goOn)
	ended.Wait()
	return seen
}

func countThreads(ctx context.Context, lab *notebook.Lab) error {
	const few, many = 50, 10_000
	lab.Predict("%d threads that wait are %d tasks of the system more, in CPython and in Go; %s goroutines that wait are none, or a handful", few, few, measure.Number(many))

	var counted measure.Samples
	variant := func(name string, n int, keepThread bool) measure.Variant {
		return measure.Variant{Name: name, Run: func(context.Context) error {
			before := osThreads()
			more := whileWaiting(n, keepThread, func() int { return osThreads() - before })
			counted.Add(name+", more", float64(max(more, 0))) // an idle one may end meanwhile
			return nil
		}}
	}
	if _, err := lab.InTurn(ctx, variant("threads", few, true), variant("goroutines", many, false)); err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"count": few})

	const unit = "threads of the system more"
	lab.Show(fmt.Sprintf("Go, %d goroutines that keep a thread", few), unit, counted.Estimate("threads, more"), few)
	lab.Show(fmt.Sprintf("Go, %s goroutines that do not", measure.Number(many)), unit, counted.Estimate("goroutines, more"))
	lab.Show(fmt.Sprintf("CPython, %d threads", few), unit, twin.Estimate("more"), few)

	lab.Judge("1.6", notebook.CPython, twin.Estimate("more").Above(fmt.Sprintf("threads of the system more, for %d threads", few), few-1))
	lab.Judge("1.6", notebook.Go, counted.Estimate("goroutines, more").Above(fmt.Sprintf("threads of the system more, for %s goroutines", measure.Number(many)), many-1))
	// A unit of processing is smaller than a thread where many of them share one.
	lab.Judge("S3", notebook.CPython, twin.Estimate("more").Above(fmt.Sprintf("threads of the system more, for %d threads", few), few-1))
	lab.Judge("S3", notebook.Go, counted.Estimate("threads, more").Above(fmt.Sprintf("threads of the system more, for %d goroutines that keep one", few), 0.9*few))
	return nil
}
