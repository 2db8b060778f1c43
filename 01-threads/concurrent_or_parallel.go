package main

import (
	"context"
	"fmt"
	"io"
	"sync"
)

func concurrentOrParallel(_ context.Context, w io.Writer) error {
	// A cook takes the stove when it's their turn, and hands it over.
	// Each channel has room for one, so a hand-over doesn't wait.
	turn := map[string]chan bool{"soup": make(chan bool, 1), "cake": make(chan bool, 1)}
	turn["soup"] <- true

	cook := func(dish, other string) {
		for step := range 3 {
			<-turn[dish]
			fmt.Fprintf(w, "%s, step %d\n", dish, step+1)
			turn[other] <- true
		}
	}
	var wg sync.WaitGroup
	wg.Go(func() { cook("soup", "cake") })
	wg.Go(func() { cook("cake", "soup") })
	wg.Wait()
	return nil
}
