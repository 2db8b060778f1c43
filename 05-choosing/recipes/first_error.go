package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"
)

var errNoAnswer = errors.New("shop B doesn't answer")

func askShop(ctx context.Context, shop string) error {
	if shop == "B" {
		return errNoAnswer
	}
	select { // an http.Request made with ctx does the same
	case <-time.After(time.Hour):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func firstError(ctx context.Context, w io.Writer) error {
	shops := []string{"A", "B", "C"}
	results := make([]error, len(shops))
	group, ctx := errgroup.WithContext(ctx)
	for i, shop := range shops {
		group.Go(func() error {
			results[i] = askShop(ctx, shop)
			return results[i] // the first error ends ctx
		})
	}
	fmt.Fprintln(w, "failed:", group.Wait()) // waits for all of them
	for i, shop := range shops {
		if errors.Is(results[i], context.Canceled) {
			fmt.Fprintf(w, "shop %s: stopped\n", shop)
		}
	}
	return nil
}
