package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func threadCost(_ context.Context, w io.Writer) error {
	// Ten times as many goroutines: one for each guest.
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
	const goroutines, threads, theirs = 100_000, 1000, 1000
	lab.Predict("a goroutine is a small stack on the heap, 2 KiB to begin with, and an entry in a list; a thread is made by the system, and Python puts an object of its own on top")

	// Each in a program of its own: memory that was used once is used again.
	var memory, went measure.Samples
	alive := func(name string, n int) measure.Variant {
		return measure.Variant{Name: name, Run: func(ctx context.Context) error {
			c, err := again.Run[cost](ctx, gather, crowd{n, name == "threads"})
			if err != nil {
				return err
			}
			went.Add(name, c.Seconds/float64(n))
			if c.Bytes > 0 {
				memory.Add(name, c.Bytes/float64(n))
			}
			return nil
		}}
	}
	if _, err := lab.InTurn(ctx, alive("goroutines", goroutines), alive("threads", threads)); err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"count": theirs})

	unit := "µs to start one, let it wait, and end it"
	lab.Show("Go, one of 100,000 goroutines", unit, went.Estimate("goroutines").Times(1e6))
	lab.Show("Go, one of 1,000 OS threads", unit, went.Estimate("threads").Times(1e6))
	lab.Show("CPython, one of 1,000 threads", unit, twin.Estimate("threads").Times(1e6/theirs))
	unit = "KiB of memory that it takes"
	lab.Show("Go, one of 100,000 goroutines", unit, memory.Estimate("goroutines").Times(1.0/1024))
	lab.Show("Go, one of 1,000 OS threads", unit, memory.Estimate("threads").Times(1.0/1024))
	lab.Show("CPython, one of 1,000 threads", unit, twin.Estimate("KiB"))

	// Ten thousand are easy if they are there within a second.
	const subject = "seconds for 10,000 %s, reckoned from one"
	lab.Judge("1.9", notebook.Go, went.Estimate("goroutines").Times(10_000).Below(fmt.Sprintf(subject, "goroutines"), 1))
	lab.Judge("1.9", notebook.CPython, twin.Estimate("threads").Times(10_000.0/theirs).Below(fmt.Sprintf(subject, "threads"), 1))
	return nil
}

// A crowd is so many goroutines that wait at the same time.
type crowd struct {
	Size        int
	KeepThreads bool // each its own
}

// A cost is what it takes to have a crowd.
type cost struct {
	Seconds float64
	Bytes   float64 // 0 where the system does not tell
}

// gather is this program again, which has a crowd and says what that cost.
var gather = again.Define("crowd", func(c crowd) error {
	before, start := measure.ResidentMemory(), time.Now()
	more := whileWaiting(c.Size, c.KeepThreads, func() int { return measure.ResidentMemory() - before })
	return again.Say(cost{Seconds: time.Since(start).Seconds(), Bytes: float64(more)})
})
