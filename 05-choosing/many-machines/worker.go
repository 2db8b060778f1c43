package main

import (
	"context"
	"io"
	"os"

	"concurrency-notebook/internal/again"
)

// atWork is the main of a worker machine: it connects, says that it's there, and
// works. It ends with its standard input, in the middle of a task too.
func atWork(address string, work func(ctx context.Context, js *client) error) error {
	ignoreSignals()
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	js, err := dial(address)
	if err != nil {
		return err
	}
	defer js.close()
	if err := again.Say("here"); err != nil {
		return err
	}
	return work(context.Background(), js)
}

// startWorkers starts workers of a kind. The caller stops them.
func startWorkers(ctx context.Context, n int, kind *again.Program[string], address string) (stop func(), err error) {
	var workers []*machine
	stop = func() {
		for _, w := range workers {
			w.stop()
		}
	}
	for range n {
		var here string
		w, err := start(ctx, kind, address, &here)
		if err != nil {
			stop()
			return nil, err
		}
		workers = append(workers, w)
	}
	return stop, nil
}
