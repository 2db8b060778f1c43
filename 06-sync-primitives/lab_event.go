package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

const waitingGoroutines, waitingThreads = 1000, 100

func releaseWaiters(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("one act releases everything that waits, %d goroutines or %d threads, even if it's taken back at once", waitingGoroutines, waitingThreads)
	var went measure.Samples
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"guests": waitingThreads}, measure.Variant{Name: "release", Run: func(ctx context.Context) error {
		doorsOpen := make(chan struct{})
		var inside atomic.Int64
		guests := startGuests(doorsOpen, waitingGoroutines, &inside)
		close(doorsOpen)
		guests.Wait()
		went.Add("released", float64(inside.Load()))
		went.Add("pulse", float64(setAndClear(ctx)))
		return nil
	}})
	if err != nil {
		return err
	}
	judgeEvent(lab, went, theirs)
	return nil
}

// setAndClear lets goroutines wait for an event that is set and at once cleared,
// and returns how many it released.
func setAndClear(ctx context.Context) int64 {
	var doorsOpen primitive.Event
	var inside atomic.Int64
	var waiting, ended sync.WaitGroup
	waiting.Add(waitingGoroutines)
	ctx, giveUp := context.WithTimeout(ctx, patience)
	defer giveUp()
	for range waitingGoroutines {
		ended.Go(func() {
			opened := doorsOpen.Done() // from here on it waits
			waiting.Done()
			select {
			case <-opened:
				inside.Add(1)
			case <-ctx.Done():
			}
		})
	}
	waiting.Wait()
	doorsOpen.Set()
	doorsOpen.Clear()
	ended.Wait()
	return inside.Load()
}

func judgeEvent(lab *notebook.Lab, went, theirs measure.Samples) {
	of := func(claim string, subject notebook.Subject, s measure.Samples, name string, all float64, format string) measure.Estimate {
		freed := s.Estimate(name)
		verdict := measure.Cannot("%s", freed.Missing)
		if freed.N > 0 {
			verdict = measure.Fact(freed.Low == all, format+" in each of %d rounds", measure.Count(freed.Low), measure.Count(all), freed.N)
		}
		lab.Judge(claim, subject, verdict)
		return freed
	}
	threads := of("6.12", notebook.CPython, theirs, "released", waitingThreads, "one set() released %s of %s threads")
	goroutines := of("6.12", notebook.Go, went, "released", waitingGoroutines, "one close released %s of %s goroutines")
	pulsed := of("6.16", notebook.CPython, theirs, "pulse", waitingThreads, "an Event, set and at once cleared, released %s of %s threads")
	of("6.16", ourPrimitives, went, "pulse", waitingGoroutines, "a primitive.Event, set and at once cleared, released %s of %s goroutines")

	text := fmt.Sprintf("One `set()` released %s of %d threads that waited.", measure.Count(threads.Low), waitingThreads)
	lab.Answer("6.12", notebook.CPython, notebook.Wording{measure.Yes: text, measure.No: text})
	text = fmt.Sprintf("Its event is a channel that's closed: one `close` released %s of %s goroutines.", measure.Count(goroutines.Low), measure.Count(waitingGoroutines))
	lab.Answer("6.12", notebook.Go, notebook.Wording{measure.Same: text, measure.Different: text})

	text = fmt.Sprintf("An `Event` that was set and cleared at once released %s of %d threads that waited.", measure.Count(pulsed.Low), waitingThreads)
	lab.Tell("6.16", notebook.CPython, notebook.Wording{measure.Yes: text, measure.No: text})
}
