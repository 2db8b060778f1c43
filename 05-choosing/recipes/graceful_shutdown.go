package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// shutDown waits for a signal, and then for what's under way. When the
// grace period is over, it cuts that off.
func shutDown(
	signals <-chan os.Signal, grace time.Duration,
	underWay *sync.WaitGroup, cutOff func(),
) {
	<-signals
	ended := make(chan struct{})
	go func() { underWay.Wait(); close(ended) }()
	select {
	case <-ended:
		return
	case <-time.After(grace):
	case <-signals: // a second Ctrl-C doesn't wait
	}
	cutOff()
	<-ended
}

func gracefulShutdown(ctx context.Context, w io.Writer) error {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)

	ctx, cutOff := context.WithCancel(ctx)
	defer cutOff()
	var underWay sync.WaitGroup
	results := make(chan string, 2)
	request := func(name string, takes time.Duration) {
		select {
		case <-time.After(takes):
			results <- name + " request is answered"
		case <-ctx.Done(): // tell its client
			results <- name + " request was cut off"
		}
	}
	underWay.Go(func() { request("short", 0) })
	underWay.Go(func() { request("long", time.Hour) })
	signals <- syscall.SIGTERM      // demo only: delete
	grace := 100 * time.Millisecond // yours: 10 s
	shutDown(signals, grace, &underWay, cutOff)
	close(results)
	for what := range results {
		fmt.Fprintln(w, "the", what)
	}
	fmt.Fprintln(w, "bye")
	return nil
}
