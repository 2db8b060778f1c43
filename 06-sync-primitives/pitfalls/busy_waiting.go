package main

import (
	"context"
	"fmt"
	"io"
	"time"
)

func poll(boils <-chan struct{}) {
	for {
		select {
		case <-boils:
			return
		//lint:ignore SA5004 staticcheck warns of this loop, and rightly
		default: // not yet: ask again
		}
	}
}

func wait(boils <-chan struct{}) {
	<-boils // sleep until the kettle whistles
}

func serve(guest func(boils <-chan struct{}), after time.Duration) {
	boils := make(chan struct{})
	time.AfterFunc(after, func() { close(boils) })
	guest(boils)
}

func busyWaiting(_ context.Context, w io.Writer) error {
	serve(poll, 10*time.Millisecond)
	fmt.Fprintln(w, "polled: the tea is served")
	serve(wait, 10*time.Millisecond)
	fmt.Fprintln(w, "waited: the tea is served")
	return nil
}
