package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"concurrency-notebook/internal/workload"
)

func cCall(_ context.Context, w io.Writer) error {
	bits := make(chan int, 1)
	go func() { bits <- workload.Power() }() // 7777 to the power of 200,000
	turns := 0
	for {
		turns++
		select {
		case n := <-bits:
			fmt.Fprintln(w, "7777 ** 200000 has", n, "bits")
			fmt.Fprintln(w, "main ran meanwhile:", yes(turns > 1))
			return nil
		default:
		}
	}
}

func yes(so bool) string {
	if so {
		return "yes"
	}
	return "no"
}

// longestSilence runs a job in a goroutine, and measures how long this
// one doesn't run.
func longestSilence(job func()) (longest time.Duration) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		job()
	}()
	for last := time.Now(); ; {
		select {
		case <-done:
			return longest
		case <-time.After(time.Millisecond):
			now := time.Now()
			longest, last = max(longest, now.Sub(last)), now
		}
	}
}
