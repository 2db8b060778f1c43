package main

import (
	"context"
	"fmt"
	"io"
)

func blockingFromAsync(ctx context.Context, w io.Writer) error {
	wentOn := make(chan struct{})
	query := func(text string) string {
		<-wentOn
		return "rows of " + text
	}
	connections := make(chan struct{}, 5) // so many calls at once
	rows := make(chan string, 1)
	go func() {
		connections <- struct{}{}
		defer func() { <-connections }()
		rows <- query("orders")
	}()
	fmt.Fprintln(w, "the loop goes on")
	close(wentOn)
	fmt.Fprintln(w, <-rows)
	// If nothing has to be limited, just call it.
	fmt.Fprintln(w, query("guests"))
	return nil
}
