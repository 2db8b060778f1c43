package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"
)

func boilSoup() (string, error) {
	return "ready", nil
}

func bakeCake() error {
	return errors.New("fire in the kitchen")
}

func lifeAndDeath(_ context.Context, w io.Writer) error {
	var group errgroup.Group
	var soup string
	group.Go(func() (err error) {
		soup, err = boilSoup()
		return err
	})
	group.Go(bakeCake)
	err := group.Wait() // waits for both, and has the first error
	fmt.Fprintln(w, "both have ended")
	fmt.Fprintln(w, "soup:", soup)
	fmt.Fprintln(w, "cake:", err)
	return nil
}
