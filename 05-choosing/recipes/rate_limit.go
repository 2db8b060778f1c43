package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"
)

// A limiter allows one call in each gap.
type limiter struct {
	gap  time.Duration
	lock sync.Mutex
	free time.Time
}

// wait waits for your turn, or until ctx ends.
func (r *limiter) wait(ctx context.Context) error {
	r.lock.Lock()
	turn := time.Now()
	if turn.Before(r.free) {
		turn = r.free
	}
	r.free = turn.Add(r.gap) // taken
	r.lock.Unlock()          // nobody sleeps with the lock
	select {
	case <-time.After(time.Until(turn)):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func rateLimit(ctx context.Context, w io.Writer) error {
	limit := limiter{gap: time.Second / 2}
	start, sent := time.Now(), make(chan time.Duration, 5)
	var requests sync.WaitGroup
	for range 5 {
		requests.Go(func() {
			if limit.wait(ctx) == nil {
				sent <- time.Since(start)
			}
		})
	}
	requests.Wait()
	close(sent)
	for at := range sent {
		fmt.Fprintf(w, "sent at %.1f s\n", at.Seconds())
	}
	return nil
}
