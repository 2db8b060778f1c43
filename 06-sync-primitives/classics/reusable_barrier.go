package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"concurrency-notebook/06-sync-primitives/primitive"
)

func reusableBarrier(ctx context.Context, w io.Writer) error {
	// Three have arrived, so the last one lets three go through.
	gate := primitive.NewSemaphore(0)
	gate.Release(3)
	var wentThrough []string
	for _, rider := range []string{"Ada", "Grace", "Ada"} { // she's fast, and back already
		if err := gate.Acquire(ctx); err != nil {
			return err
		}
		wentThrough = append(wentThrough, rider)
	}
	if !gate.TryAcquire() {
		wentThrough = append(wentThrough, "not Tony")
	}
	fmt.Fprintln(w, "one gate:   ", strings.Join(wentThrough, " "))

	byLap := laterLaps{parties: 3, allHere: make(chan struct{})}
	fmt.Fprintln(w, "generations:", rideLaps(byLap.wait))
	barrier := primitive.NewBarrier(3, nil)
	fmt.Fprintln(w, "Barrier:    ", rideLaps(func() { barrier.Wait(ctx) }))
	return ctx.Err()
}

// laterLaps is a barrier that gives each lap a channel of its own.
type laterLaps struct {
	lock             sync.Mutex
	parties, arrived int
	allHere          chan struct{}
}

func (l *laterLaps) wait() {
	l.lock.Lock()
	allHere := l.allHere
	if l.arrived++; l.arrived == l.parties {
		l.arrived, l.allHere = 0, make(chan struct{})
		close(allHere)
	}
	l.lock.Unlock()
	<-allHere
}

func rideLaps(wait func()) string {
	var lock sync.Mutex
	var ridden []string // in their order
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			for lap := range 3 {
				lock.Lock()
				ridden = append(ridden, fmt.Sprint(lap+1))
				lock.Unlock()
				wait()
			}
		})
	}
	all.Wait()
	return strings.Join(ridden, " ")
}
