package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"time"
)

// every runs the job at even intervals, one run at a time, until ctx
// ends. What's missed is left out.
func every(
	ctx context.Context, interval time.Duration,
	job func(context.Context) error,
) error {
	due := time.Now()
	for {
		if err := job(ctx); err != nil && ctx.Err() == nil {
			log.Print("this run failed: ", err)
		}
		missed := time.Since(due) / interval
		due = due.Add((missed + 1) * interval) // not Now() + interval
		select {
		case <-time.After(time.Until(due)):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func everyMinute(ctx context.Context, w io.Writer) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	runs := 0
	job := func(context.Context) error {
		runs++
		fmt.Fprintln(w, "run", runs)
		switch runs {
		case 2:
			return errors.New("no network")
		case 3:
			stop()
		}
		return nil
	}
	every(ctx, 10*time.Millisecond, job) // yours: time.Minute
	fmt.Fprintln(w, "stopped")
	return nil
}
