package main

import (
	"context"
	"fmt"
	"io"
	"sync"
)

func once(_ context.Context, w io.Writer) error {
	printed := 0
	menu := sync.OnceValue(func() string {
		printed++ // nobody else is here, so no lock is needed
		return "soup, cake, tea"
	})
	var guests sync.WaitGroup
	for range 100 {
		guests.Go(func() { menu() }) // the others wait for the first
	}
	guests.Wait()
	fmt.Fprintln(w, "100 ask, printed:", printed)
	fmt.Fprintln(w, "the menu:", menu())
	return nil
}
