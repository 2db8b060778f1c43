package main

import (
	"context"
	"fmt"
	"io"
	"time"
)

func polite(ctx context.Context, w io.Writer) error {
	defer fmt.Fprintln(w, "polite cleans up")
	<-ctx.Done()
	return context.Cause(ctx)
}

func stubborn(ctx context.Context, w io.Writer) error {
	<-ctx.Done()
	fmt.Fprintln(w, "stubborn stays")
	return nil // and doesn't return the cause
}

func timeouts(ctx context.Context, w io.Writer) error {
	bankAnswers, paid := make(chan struct{}), make(chan struct{})
	go func() { // the payment never sees a context
		defer close(paid)
		<-bankAnswers
	}()
	paying := func(ctx context.Context, _ io.Writer) error {
		select {
		case <-paid:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	for _, guest := range []struct {
		name string
		eats func(context.Context, io.Writer) error
	}{{"polite", polite}, {"stubborn", stubborn}, {"paying", paying}} {
		limited, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
		ends := "no error"
		if guest.eats(limited, w) != nil {
			ends = "a timeout"
		}
		cancel()
		fmt.Fprintf(w, "%s: %s\n", guest.name, ends)
	}
	close(bankAnswers)
	<-paid
	fmt.Fprintln(w, "and the payment is made")
	return nil
}
