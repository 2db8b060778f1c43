package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
)

// A counter in Go is a channel with room for so many.
func boundedBuffer(_ context.Context, w io.Writer) error {
	counter := make(chan string, 2)
	var lock sync.Mutex // guards what follows
	there, most := 0, 0 // dishes that no guest is about to take
	eaten := make([]string, 0, 9)

	var all sync.WaitGroup
	for _, kind := range []string{"soup", "cake", "tea"} {
		all.Go(func() {
			for number := range 3 {
				counter <- fmt.Sprint(kind, number)
				lock.Lock()
				there++
				most = max(most, there)
				lock.Unlock()
			}
		})
	}
	for len(counter) < 2 { // the guests come when two dishes are there
		runtime.Gosched()
	}
	for range 3 {
		all.Go(func() {
			for range 3 {
				lock.Lock()
				there--
				lock.Unlock()
				dish := <-counter
				lock.Lock()
				eaten = append(eaten, dish)
				lock.Unlock()
			}
		})
	}
	all.Wait()
	slices.Sort(eaten)
	fmt.Fprintln(w, len(eaten), "dishes eaten,", len(slices.Compact(eaten)), "of them different")
	fmt.Fprintln(w, "more than two at a time:", yes(most > 2))
	return nil
}

func yes(so bool) string {
	if so {
		return "yes"
	}
	return "no"
}
