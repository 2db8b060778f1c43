package main

import (
	"context"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"
)

func threadToLoop(ctx context.Context, w io.Writer) error {
	lines := []string{"door open", "door closed"}
	events := make(chan string, 1)
	reader, ctx := errgroup.WithContext(ctx)
	reader.Go(func() error {
		defer close(events)
		for _, line := range lines {
			select {
			case events <- line: // waits while the channel is full
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		return nil
	})
	for event := range events {
		fmt.Fprintln(w, "event:", event)
	}
	if err := reader.Wait(); err != nil {
		return err
	}
	fmt.Fprintln(w, "no more events")
	return nil
}
