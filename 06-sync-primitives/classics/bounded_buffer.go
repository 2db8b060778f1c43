package main

import (
	"context"
	"fmt"
	"io"
	"sync"
)

// A counter in Go is a channel with room for so many.
func boundedBuffer(_ context.Context, w io.Writer) error {
	counter := make(chan string, 2)
	var lock sync.Mutex // of what follows
	eaten, different, most := 0, make(map[string]bool), 0

	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			for range 3 {
				waiting := len(counter)
				dish := <-counter
				lock.Lock()
				eaten++
				different[dish] = true
				most = max(most, waiting)
				lock.Unlock()
			}
		})
	}
	for _, kind := range []string{"soup", "cake", "tea"} {
		all.Go(func() {
			for number := range 3 {
				counter <- fmt.Sprint(kind, number)
			}
		})
	}
	all.Wait()
	fmt.Fprintln(w, eaten, "dishes eaten,", len(different), "of them different")
	fmt.Fprintln(w, "more than two at a time:", yes(most > 2))
	return nil
}

func yes(so bool) string {
	if so {
		return "yes"
	}
	return "no"
}
