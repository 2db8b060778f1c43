package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"
)

// A limiter allows calls a gap apart, first come, first served.
type limiter struct {
	gap  time.Duration
	line chan struct{} // room for one: the next in line
	free time.Time     // belongs to that one
}

func newLimiter(perSecond float64) *limiter {
	gap := time.Duration(float64(time.Second) / perSecond)
	return &limiter{gap: gap, line: make(chan struct{}, 1)}
}

// wait waits for your turn, or until ctx ends.
func (r *limiter) wait(ctx context.Context) error {
	select {
	case r.line <- struct{}{}:
		defer func() { <-r.line }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	turn := time.Now()
	if turn.Before(r.free) {
		turn = r.free
	}
	select {
	case <-time.After(time.Until(turn)):
		r.free = time.Now().Add(r.gap) // if you give up, no turn is lost
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func rateLimit(ctx context.Context, w io.Writer) error {
	limit := newLimiter(50) // one for all
	sent := make(chan error, 5)
	var requests sync.WaitGroup
	defer requests.Wait()
	for range 5 {
		requests.Go(func() { sent <- limit.wait(ctx) })
	}
	for number := range 5 {
		if err := <-sent; err != nil {
			return err
		}
		fmt.Fprintln(w, "sent:", number+1)
	}
	return nil
}
