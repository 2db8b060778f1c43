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

// retry calls until it succeeds, or fails for good. It returns the last
// error if ctx would end before the next try.
func retry(
	ctx context.Context, mayPass func(error) bool,
	call func(context.Context) error,
) error {
	longest := 100 * time.Millisecond
	for {
		err := call(ctx)
		if err == nil || !mayPass(err) {
			return err
		}
		pause := rand.N(longest)
		longest = min(2*longest, 5*time.Second)
		if end, ok := ctx.Deadline(); ok && time.Until(end) <= pause {
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
	for range 3 {
		limited, cancel := context.WithTimeout(ctx, time.Minute)
		err := retry(limited, mayPass, ask)
		cancel()
		if err == nil {
			fmt.Fprintln(w, "answer: ok")
		} else {
			fmt.Fprintln(w, "failed:", err)
		}
	}
	return nil
}
