package main

import (
	"context"
	"fmt"
	"io"
	"sync"
)

type requestID struct{} // the key: no other package can have it

func withRequest(ctx context.Context, id int) context.Context {
	return context.WithValue(ctx, requestID{}, id)
}

func logTo(ctx context.Context, w io.Writer, text string) {
	id := any("-")
	if is, ok := ctx.Value(requestID{}).(int); ok {
		id = is
	}
	fmt.Fprintf(w, "[%v] %s\n", id, text)
}

func requestValues(ctx context.Context, w io.Writer) error {
	turn := make(chan struct{}) // goes to and fro
	handle := func(ctx context.Context) {
		<-turn
		logTo(ctx, w, "begins")
		turn <- struct{}{} // now the other request runs
		<-turn
		logTo(ctx, w, "ends")
	}
	var requests sync.WaitGroup
	requests.Go(func() { handle(withRequest(ctx, 7)); turn <- struct{}{} })
	turn <- struct{}{}
	requests.Go(func() { handle(withRequest(ctx, 8)) })
	requests.Wait()
	logTo(ctx, w, "outside")
	return nil
}
