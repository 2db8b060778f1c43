package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/internal/virtual"
)

func burnSoup() error {
	time.Sleep(time.Minute)
	return errors.New("the soup is burnt")
}

// bakeCake looks at its context while it waits.
func bakeCake(ctx context.Context, say func(string)) error {
	select {
	case <-time.After(3 * time.Minute):
		say("the cake is ready")
		return nil
	case <-ctx.Done():
		say("the cake is put away")
		return ctx.Err()
	}
}

func taskGroups(ctx context.Context, w io.Writer) error {
	for _, way := range []func(context.Context, func(string)){
		gathered, inGroup,
	} {
		err := virtual.Run(ctx, func(ctx context.Context) error {
			start := time.Now()
			way(ctx, func(what string) {
				now := time.Since(start).Minutes()
				fmt.Fprintf(w, "%.0f min: %s\n", now, what)
			})
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// gathered hears of the first error, and nobody else does.
func gathered(ctx context.Context, say func(string)) {
	ended := make(chan error)
	go func() { ended <- burnSoup() }()
	go func() { ended <- bakeCake(ctx, say) }()
	if err := <-ended; err != nil {
		say("gather says " + err.Error())
	}
	<-ended
}

// inGroup ends the context of all when one of them fails.
func inGroup(ctx context.Context, say func(string)) {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(burnSoup)
	group.Go(func() error { return bakeCake(ctx, say) })
	if err := group.Wait(); err != nil {
		say("the group says " + err.Error())
	}
}
