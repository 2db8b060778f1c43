package main

import (
	"context"
	"fmt"
	"io"
	"sync"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func threadCost(_ context.Context, w io.Writer) error {
	// Nothing has to be saved on goroutines: one for each of a
	// hundred thousand guests.
	const guests = 100_000
	served := make([]bool, guests)
	var wg sync.WaitGroup
	for i := range guests {
		wg.Go(func() { served[i] = true })
	}
	wg.Wait()
	count := 0
	for _, s := range served {
		if s {
			count++
		}
	}
	fmt.Fprintln(w, count, "guests served, by a goroutine each")
	return nil
}

func measureThreadCost(ctx context.Context, lab *notebook.Lab) error {
	const goroutines, threads, theirs = 10_000, 500, 500
	lab.Predict("a goroutine is a small stack on the heap, 2 KiB to begin with, and an entry in a list; a thread is made by the system, and Python puts an object of its own on top")

	alive := func(name string, n int, keepThread bool) measure.Variant {
		return measure.Variant{Name: name, Run: func(context.Context) error {
			whileWaiting(n, keepThread, func() int { return n })
			return nil
		}}
	}
	went, err := lab.InTurn(ctx, alive("goroutines", goroutines, false), alive("threads", threads, true))
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"count": theirs})

	const unit = "µs to start one, let it wait, and end it"
	lab.Show("Go, goroutine", unit, went.Estimate("goroutines").Times(1e6/goroutines))
	lab.Show("Go, OS thread", unit, went.Estimate("threads").Times(1e6/threads))
	lab.Show("CPython, thread", unit, twin.Estimate("threads").Times(1e6/theirs))

	// Ten thousand are easy if they are there within a second.
	easy := func(e measure.Estimate, each float64) measure.Verdict {
		return e.Times(10_000/each).Below("seconds for 10,000, reckoned from fewer", 1)
	}
	lab.Judge("1.9", notebook.Go, easy(went.Estimate("goroutines"), goroutines))
	lab.Judge("1.9", notebook.CPython, easy(twin.Estimate("threads"), theirs))
	return nil
}
