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
	// Fifty goroutines that ask for a thread of their own, and wait.
	threads := whileWaiting(50, true, osThreads)
	fmt.Fprintln(w, "a thread for each of 50 that keep one:", threads >= 50)

	// Ten thousand that do not ask.
	threads = whileWaiting(10_000, false, osThreads)
	fmt.Fprintln(w, "a thread for each of 10,000 that do not:", threads >= 10_000)
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
	lab.Predict("while %d threads wait, a program has at least %d threads of the system, in CPython and in Go; while %s goroutines wait, a handful", few, few, measure.Number(many))

	var counted measure.Samples
	variant := func(name string, n int, keepThread bool) measure.Variant {
		return measure.Variant{Name: name, Run: func(context.Context) error {
			counted.Add("while "+name, float64(whileWaiting(n, keepThread, osThreads)))
			return nil
		}}
	}
	if _, err := lab.InTurn(ctx, variant("threads", few, true), variant("goroutines", many, false)); err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"count": few})

	const unit = "threads of the system meanwhile"
	lab.Show(fmt.Sprintf("Go, %d goroutines that keep a thread", few), unit, counted.Estimate("while threads"))
	lab.Show(fmt.Sprintf("Go, %s goroutines that do not", measure.Number(many)), unit, counted.Estimate("while goroutines"))
	lab.Show(fmt.Sprintf("CPython, %d threads", few), unit, twin.Estimate("threads"))

	lab.Judge("1.6", notebook.CPython, twin.Estimate("threads").Above(fmt.Sprintf("threads of the system, while %d threads wait", few), few-1))
	lab.Judge("1.6", notebook.Go, counted.Estimate("while goroutines").Above(fmt.Sprintf("threads of the system, while %s goroutines wait", measure.Number(many)), many-1))
	// A unit of processing is smaller than a thread where many of them share one.
	lab.Judge("S3", notebook.CPython, twin.Estimate("threads").Above(fmt.Sprintf("threads of the system, while %d threads wait", few), few-1))
	lab.Judge("S3", notebook.Go, counted.Estimate("while threads").Above(fmt.Sprintf("threads of the system, while %d goroutines that keep one wait", few), few-1))
	return nil
}
