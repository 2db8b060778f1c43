package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"concurrency-notebook/internal/virtual"
)

// wait waits that long, or until the context ends.
func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func polite(ctx context.Context) error {
	defer time.Sleep(2 * time.Minute) // cleans up
	return wait(ctx, time.Hour)
}

func stubborn(ctx context.Context) error {
	if wait(ctx, time.Hour) != nil { // and doesn't return it
		time.Sleep(time.Hour)
	}
	return nil
}

func timeouts(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(ctx context.Context) error {
		var payments sync.WaitGroup
		paying := func(ctx context.Context) error {
			paid := make(chan struct{})
			payments.Go(func() { // it never sees the context
				defer close(paid)
				time.Sleep(5 * time.Minute)
			})
			select {
			case <-paid:
				return nil
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		var start time.Time
		minutes := func() float64 { return time.Since(start).Minutes() }
		for _, guest := range []struct {
			name string
			eats func(context.Context) error
		}{{"polite", polite}, {"stubborn", stubborn}, {"paying", paying}} {
			start = time.Now()
			limited, cancel := context.WithTimeout(ctx, time.Minute)
			ends := "no error"
			if guest.eats(limited) != nil {
				ends = "a timeout"
			}
			cancel()
			fmt.Fprintf(w, "%s: %s after %.0f min\n",
				guest.name, ends, minutes())
		}
		payments.Wait()
		fmt.Fprintf(w, "paying: all is paid after %.0f min\n", minutes())
		return nil
	})
}
