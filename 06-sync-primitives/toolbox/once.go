package main

import (
	"context"
	"fmt"
	"io"
	"sync"
)

func once(_ context.Context, w io.Writer) error {
	var asked, guests sync.WaitGroup
	asked.Add(100)
	printed := 0
	menu := sync.OnceValue(func() string {
		asked.Wait() // so it isn't there before the last one asks
		printed++    // nobody else is here, so no lock is needed
		return "soup, cake, tea"
	})
	for range 100 {
		guests.Go(func() {
			asked.Done()
			menu() // the first one prints, the others wait for it
		})
	}
	guests.Wait()
	fmt.Fprintln(w, "100 ask, printed:", printed)
	fmt.Fprintln(w, "the menu:", menu())
	return nil
}
