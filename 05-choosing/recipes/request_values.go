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

func logLine(ctx context.Context, text string) string {
	id := any("-")
	if is, ok := ctx.Value(requestID{}).(int); ok {
		id = is
	}
	return fmt.Sprintf("[%v] %s\n", id, text)
}

func handle(ctx context.Context) (lines string) {
	lines = logLine(ctx, "asks the database")
	var wg sync.WaitGroup
	wg.Go(func() { lines += logLine(ctx, "asks a thread") })
	wg.Wait()
	return lines
}

func requestValues(ctx context.Context, w io.Writer) error {
	var lines [2]string
	var wg sync.WaitGroup
	for i := range lines {
		wg.Go(func() { lines[i] = handle(withRequest(ctx, i+7)) })
	}
	wg.Wait()
	fmt.Fprint(w, lines[0], lines[1], logLine(ctx, "outside"))
	return nil
}
