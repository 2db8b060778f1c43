package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// hedged begins the next call after that time, or after an error. The
// first answer wins.
func hedged[T any](
	ctx context.Context, patience time.Duration,
	calls ...func(context.Context) (T, error),
) (none T, err error) {
	type answer struct {
		value T
		err   error
	}
	if len(calls) == 0 {
		return none, errors.New("there's nobody to ask")
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel() // the losers
	answers := make(chan answer, len(calls))
	var errs []error
	for next := 0; len(errs) < len(calls); {
		var late <-chan time.Time // never, if it's the last
		if next < len(calls) {
			call := calls[next]
			running.Go(func() {
				value, err := call(ctx)
				answers <- answer{value, err}
			})
			if next++; next < len(calls) {
				late = time.After(patience)
			}
		}
		select {
		case a := <-answers:
			if a.err == nil {
				return a.value, nil
			}
			errs = append(errs, a.err)
		case <-late:
		}
	}
	return none, errors.Join(errs...)
}

func hedgedRequest(ctx context.Context, w io.Writer) error {
	first := func(ctx context.Context) (string, error) {
		<-ctx.Done() // put your requests here
		return "", ctx.Err()
	}
	second := func(context.Context) (string, error) {
		return "the second answers", nil
	}
	answer, err := hedged(ctx, 10*time.Millisecond, first, second)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, answer)
	return nil
}
