package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
)

func boundedQueue(_ context.Context, w io.Writer) error {
	orders := make(chan string, 2)
	orders <- "soup"
	orders <- "cake"
	select {
	case orders <- "tea":
	default:
		fmt.Fprintln(w, "two orders, and there's no room for a third")
	}

	var served []string
	var cook sync.WaitGroup
	cook.Go(func() {
		for dish := range orders { // waits while there is none
			served = append(served, dish)
		}
	})
	for _, dish := range []string{"tea", "pie"} {
		orders <- dish // waits while there are two
	}
	close(orders) // no more
	cook.Wait()
	fmt.Fprintln(w, "served:", strings.Join(served, " "))
	return nil
}
