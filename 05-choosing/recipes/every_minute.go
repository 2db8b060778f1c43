package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"time"
)

// every runs the job at even intervals, one run at a time, until ctx
// ends. What's missed is left out.
func every(
	ctx context.Context, distance time.Duration,
	job func(context.Context) error,
) error {
	due := time.Now()
	for {
		if err := job(ctx); err != nil && ctx.Err() == nil {
			log.Print("this run failed: ", err)
		}
		missed := time.Since(due) / distance
		due = due.Add((missed + 1) * distance) // not Now() + distance
		select {
		case <-time.After(time.Until(due)):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func everyMinute(ctx context.Context, w io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, 200*time.Second)
	defer cancel()
	start, takes := time.Now(), []time.Duration{10, 80, 10}
	every(ctx, time.Minute, func(context.Context) error {
		fmt.Fprintf(w, "begins at %.0f s\n", time.Since(start).Seconds())
		time.Sleep(takes[0] * time.Second)
		takes = takes[1:]
		return nil
	})
	fmt.Fprintln(w, "stopped")
	return nil
}
