package main

import (
	"context"
	"fmt"
	"io"
	"sync"
)

func printInOrder(_ context.Context, w io.Writer) error {
	laid, served := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		<-served
		fmt.Fprintln(w, "clear the table")
	})
	all.Go(func() {
		<-laid
		fmt.Fprintln(w, "serve the soup")
		close(served)
	})
	all.Go(func() {
		fmt.Fprintln(w, "lay the table")
		close(laid)
	})
	all.Wait()
	return nil
}
