package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

func event(_ context.Context, w io.Writer) error {
	doorsOpen := make(chan struct{})
	var inside atomic.Int64
	guests := startGuests(doorsOpen, 3, &inside)
	close(doorsOpen) // the event: it happens once
	guests.Wait()
	fmt.Fprintln(w, "guests inside:", inside.Load())
	<-doorsOpen
	fmt.Fprintln(w, "a late guest doesn't wait")

	closing := make(chan struct{})
	var cleaner sync.WaitGroup
	cleaner.Go(func() { clean(w, closing) })
	close(closing)
	cleaner.Wait()
	fmt.Fprintln(w, "the cleaner has stopped, and not after a minute")
	return nil
}

// startGuests starts goroutines that wait for the doors, and then go
// in.
func startGuests(doorsOpen <-chan struct{}, guests int, inside *atomic.Int64) *sync.WaitGroup {
	var all sync.WaitGroup
	for range guests {
		all.Go(func() {
			<-doorsOpen
			inside.Add(1)
		})
	}
	return &all
}

func clean(w io.Writer, closing <-chan struct{}) {
	for {
		select {
		case <-time.After(time.Minute):
			fmt.Fprintln(w, "the tables are clean")
		case <-closing:
			return
		}
	}
}
