package main

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// slots has room for the calls that may hang, and no more.
var slots = make(chan struct{}, 20)

// callWithin gives up when ctx ends. The call itself goes on.
func callWithin[T any](
	ctx context.Context, call func() (T, error),
) (none T, err error) {
	type result struct {
		value T
		err   error
	}
	select {
	case slots <- struct{}{}:
	case <-ctx.Done(): // too many calls hang
		return none, context.Cause(ctx)
	}
	// With room for one, the call can end though nobody receives.
	done := make(chan result, 1)
	go func() {
		defer func() { <-slots }()
		value, err := call()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
}

func blockingTimeout(ctx context.Context, w io.Writer) error {
	answerComes := make(chan struct{})
	defer close(answerComes)
	var ended atomic.Bool

	address, err := callWithin(ctx, func() (string, error) {
		return "192.0.2.7", nil
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "fast.example:", address)

	limited, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	_, err = callWithin(limited, func() (string, error) {
		<-answerComes
		ended.Store(true)
		return "192.0.2.7", nil
	})
	if err != nil {
		fmt.Fprintln(w, "slow.example: no answer in time")
	}
	fmt.Fprintln(w, "its call has ended:", ended.Load())
	return nil
}
