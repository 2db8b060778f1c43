package main

import (
	"context"
	"fmt"
	"io"
)

// putNewest never waits: if the channel is full, its oldest item makes
// room. The channel must have room for one at least.
func putNewest[T any](to chan T, item T) {
	for {
		select {
		case to <- item:
			return
		default:
		}
		select {
		case <-to: // unless a receiver was quicker
		default:
		}
	}
}

func keepNewest(_ context.Context, w io.Writer) error {
	quick, slow := make(chan int, 3), make(chan int, 3) // for each client
	for price := range 5 {
		for _, client := range []chan int{quick, slow} {
			putNewest(client, price+1)
		}
		fmt.Fprintln(w, "quick:", <-quick)
	}
	close(slow)
	for price := range slow {
		fmt.Fprintln(w, "slow:", price)
	}
	return nil
}
