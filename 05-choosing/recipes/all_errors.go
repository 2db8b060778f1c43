package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// checkAll checks every host, and returns what's wrong with all of
// them together.
func checkAll(hosts []string, check func(string) error) error {
	errs := make([]error, len(hosts))
	var wg sync.WaitGroup
	for i, host := range hosts {
		wg.Go(func() {
			if err := check(host); err != nil {
				errs[i] = fmt.Errorf("%s: %w", host, err)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...) // nil if all of them are
}

func allErrors(_ context.Context, w io.Writer) error {
	check := func(host string) error {
		if host == "db" || host == "mail" {
			return errors.New("connection refused")
		}
		return nil
	}
	err := checkAll([]string{"web", "db", "cache", "mail"}, check)
	fmt.Fprintln(w, err)
	return nil
}
