package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"
)

var errBusy = errors.New("busy")

// retry calls until it succeeds. It returns the last error if ctx would
// end before the next try.
func retry(
	ctx context.Context, call func(ctx context.Context, n int) error,
) error {
	longest := 100 * time.Millisecond
	for n := 1; ; n++ {
		err := call(ctx, n)
		if !errors.Is(err, errBusy) { // nothing else gets better by itself
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
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	err := retry(ctx, func(_ context.Context, n int) error {
		if n < 3 {
			return errBusy
		}
		fmt.Fprintln(w, "ok at try", n)
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(w, retry(ctx, func(context.Context, int) error {
		return fmt.Errorf("still %w", errBusy)
	}))
	fmt.Fprintln(w, retry(ctx, func(_ context.Context, n int) error {
		return fmt.Errorf("refused at try %d", n)
	}))
	return nil
}
