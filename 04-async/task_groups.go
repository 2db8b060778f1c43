package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"
)

func burnSoup() error { return errors.New("the soup is burnt") }

// bakeCake looks at its context while it waits.
func bakeCake(ctx context.Context, w io.Writer, timer <-chan struct{}) error {
	select {
	case <-timer:
		fmt.Fprintln(w, "the cake is ready")
		return nil
	case <-ctx.Done():
		fmt.Fprintln(w, "the cake is put away")
		return context.Cause(ctx)
	}
}

func taskGroups(ctx context.Context, w io.Writer) error {
	gathered(ctx, w)
	inGroup(ctx, w)
	return nil
}

// gathered hears of the first error, and nobody else does.
func gathered(ctx context.Context, w io.Writer) {
	ended, timer := make(chan error), make(chan struct{})
	go func() { ended <- burnSoup() }()
	go func() { ended <- bakeCake(ctx, w, timer) }()
	if err := <-ended; err != nil {
		fmt.Fprintln(w, "gather says", err)
	}
	close(timer)
	<-ended
}

// inGroup ends the context of all when one of them fails.
func inGroup(ctx context.Context, w io.Writer) {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(burnSoup)
	group.Go(func() error { return bakeCake(ctx, w, make(chan struct{})) })
	if err := group.Wait(); err != nil {
		fmt.Fprintln(w, "the group says", err)
	}
}
