package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"
)

var errDown = errors.New("unavailable")

// mayPass tells which errors may get better by themselves: a server
// that's down, or a try that took too long.
func mayPass(err error) bool {
	return errors.Is(err, errDown) ||
		errors.Is(err, context.DeadlineExceeded)
}

// A laterError is of a server that says when to come back.
type laterError interface {
	error
	RetryAfter() time.Duration
}

// retry calls until it succeeds, or fails for good. All tries together
// take no longer than that; then it returns the last error.
func retry(
	ctx context.Context, within time.Duration,
	mayPass func(error) bool, call func(context.Context) error,
) error {
	end := time.Now().Add(within)
	ctx, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	longest := 100 * time.Millisecond
	for {
		err := call(ctx)
		if err == nil || !mayPass(err) {
			return err
		}
		pause := rand.N(longest)
		if later, ok := errors.AsType[laterError](err); ok {
			pause += later.RetryAfter()
		}
		longest = min(2*longest, 5*time.Second)
		if time.Until(end) <= pause {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		}
	}
}

func retries(ctx context.Context, w io.Writer) error {
	answers := []error{errDown, errDown, nil, errors.New("wrong password")}
	ask := func(context.Context) error {
		if len(answers) == 0 {
			return errDown // from now on
		}
		err := answers[0]
		answers = answers[1:]
		return err
	}
	for _, within := range []time.Duration{
		time.Minute, time.Minute, time.Second / 10,
	} {
		if err := retry(ctx, within, mayPass, ask); err != nil {
			fmt.Fprintln(w, "failed:", err)
		} else {
			fmt.Fprintln(w, "answer: ok")
		}
	}
	return nil
}
