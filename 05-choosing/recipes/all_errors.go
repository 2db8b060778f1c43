package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"
)

// checkAll checks every host, ten at a time, and returns what's wrong
// with all of them together.
func checkAll(
	ctx context.Context, hosts []string,
	check func(context.Context, string) error,
) error {
	errs := make([]error, len(hosts))
	var group errgroup.Group // without a context: an error stops nothing
	group.SetLimit(10)
	for i, host := range hosts {
		group.Go(func() error {
			err := ctx.Err()
			if err == nil { // else the rest isn't begun
				err = check(ctx, host)
			}
			if err != nil {
				errs[i] = fmt.Errorf("%s: %w", host, err)
			}
			return nil
		})
	}
	group.Wait()
	return errors.Join(errs...) // nil if all of them are
}

func allErrors(ctx context.Context, w io.Writer) error {
	check := func(_ context.Context, host string) error {
		if host == "db" || host == "mail" {
			return errors.New("connection refused")
		}
		return nil
	}
	err := checkAll(ctx, []string{"web", "db", "cache", "mail"}, check)
	fmt.Fprintln(w, err)
	return nil
}
