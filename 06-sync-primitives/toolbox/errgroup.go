package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"
)

var errBurnt = errors.New("burnt")

func cancelWithErrgroup(ctx context.Context, w io.Writer) error {
	roastIsIn := make(chan struct{})
	boilSoup := func(context.Context) error { return nil }
	bakeCake := func(context.Context) error { <-roastIsIn; return errBurnt }
	slowly := func(ctx context.Context) error {
		select {
		case <-time.After(time.Hour):
			return nil
		case <-ctx.Done(): // it stops only because it looks
			return errors.New("given up")
		}
	}
	roast := func(ctx context.Context) error { close(roastIsIn); return slowly(ctx) }
	dishes := []string{"soup", "cake", "roast", "pie"}
	prepare := []func(context.Context) error{boilSoup, bakeCake, roast, slowly}
	became := make([]error, len(dishes))

	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for i := range dishes {
		group.Go(func() error { // waits while two are at work
			became[i] = prepare[i](ctx)
			return became[i]
		})
	}
	if err := group.Wait(); !errors.Is(err, errBurnt) { // the first error
		return err
	}
	for i, dish := range dishes {
		if became[i] == nil {
			fmt.Fprintln(w, dish+": done")
		} else {
			fmt.Fprintf(w, "%s: %v\n", dish, became[i])
		}
	}
	return nil
}
