package main

import (
	"context"
	"fmt"
	"io"
	"sync"
)

var orders [3]string // a global variable: all goroutines have it

func cook(place int, name string) {
	orders[place] = fmt.Sprintf("%s cooks order %d", name, place+1)
}

func sharedMemory(_ context.Context, w io.Writer) error {
	var wg sync.WaitGroup
	for place, name := range []string{"Ada", "Grace", "Edsger"} {
		wg.Go(func() { cook(place, name) })
	}
	wg.Wait() // after it, what the goroutines wrote is there
	for _, order := range orders {
		fmt.Fprintln(w, order)
	}
	return nil
}
