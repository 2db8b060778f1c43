package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"concurrency-notebook/02-gil/gil"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func plusEquals(_ context.Context, w io.Writer) error {
	lock := newGIL()
	ada, grace := lock.Thread("Ada"), lock.Thread("Grace")
	sold := 0

	// sold += 1 is three steps: read, add, write. Ada has the lock
	// for each of them, and loses it between the first two.
	ada.Take()
	read := sold
	ada.Drop()

	grace.Run(func() { sold += 1 })

	ada.Take()
	sold = read + 1
	ada.Drop()
	fmt.Fprintln(w, "two tickets sold, the counter says", sold)

	// Cure: a lock of the program's own, held for all three steps.
	sold = 0
	var own sync.Mutex
	sell := func(thread *gil.Thread) {
		thread.Run(func() {
			thread.Block(own.Lock)
			defer own.Unlock()
			read := sold
			thread.Block(func() {}) // the GIL may go; the lock stays
			sold = read + 1
		})
	}
	var wg sync.WaitGroup
	for _, thread := range []*gil.Thread{ada, grace} {
		wg.Go(func() { sell(thread) })
	}
	wg.Wait()
	fmt.Fprintln(w, "with a lock of its own it says", sold)
	return nil
}

func countLostUpdates(ctx context.Context, lab *notebook.Lab) error {
	const times = 100_000
	lab.Predict("if the GIL made += safe, no update would be lost: 0 of %s; where a switch can come between the reading and the writing, some are", measure.Number(2*times))

	var lost measure.Samples
	if _, err := lab.InTurn(ctx, measure.Variant{Name: "goroutines", Run: func(context.Context) error {
		// Two goroutines, and a counter that is read in one step and
		// written in another. With plain reads and writes it would be
		// a data race, and undefined; so it is only wrong.
		var counter atomic.Int64
		timed(2, func() {
			for range 20 * times {
				counter.Store(counter.Load() + 1)
			}
		})
		lost.Add("Go", float64(2*20*times-counter.Load())/20)
		return nil
	}}); err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"times": times})

	unit := fmt.Sprintf("updates lost, of %s", measure.Number(2*times))
	lab.Show("CPython, counter.value += 1", unit, twin.Estimate("+= 1"), 0)
	lab.Show("CPython, counter.value + one()", unit, twin.Estimate("+ one()"))
	lab.Show("Go, read and write", unit, lost.Estimate("Go"))

	lab.Judge("2.12", notebook.CPython, measure.All(
		twin.Never("updates were lost by += 1", "+= 1"),
		twin.Never("with a call in between", "+ one()")))
	lab.Judge("2.12", notebook.Go, lost.Never("updates were lost without a lock", "Go"))
	return nil
}
