package main

import (
	"context"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"
)

// What a blocking library would wait for.
var doorLines = []string{"door open", "door closed"}

func threadToLoop(ctx context.Context, w io.Writer) error {
	events := make(chan string, 1)
	ctx, stop := context.WithCancel(ctx)
	reader, ctx := errgroup.WithContext(ctx)
	defer reader.Wait()
	defer stop() // if the loop is left early
	reader.Go(func() error {
		defer close(events)
		for _, line := range doorLines {
			select {
			case events <- line: // waits while the channel is full
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		return nil
	})
	for event := range events {
		if _, err := fmt.Fprintln(w, "event:", event); err != nil {
			return err
		}
	}
	if err := reader.Wait(); err != nil {
		return err
	}
	fmt.Fprintln(w, "no more events")
	return nil
}
