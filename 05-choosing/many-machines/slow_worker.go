package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const lease = time.Second

func slowWorker(ctx context.Context, w io.Writer) error {
	q, err := openQueue(ctx, lease)
	if err != nil {
		return err
	}
	defer q.close()
	if err := q.put(ctx, "tasks", "roast", "roast"); err != nil {
		return err
	}
	// part: lease
	slow, err := q.tasks.Next()
	if err != nil {
		return err
	}
	// The first worker is alive and at it. The server can't know.
	again, err := q.tasks.Next(jetstream.FetchMaxWait(10 * lease))
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "silent: the task is given to a second worker, too")

	// The second one says that it's at it, more often than it must.
	working, done := context.WithCancel(ctx)
	go stillAtIt(working, again, lease/10)
	_, err = q.tasks.Next(jetstream.FetchMaxWait(2 * lease))
	done()
	if !errors.Is(err, nats.ErrTimeout) {
		return fmt.Errorf("a third worker got it: %w", err)
	}
	fmt.Fprintln(w, "saying so: two leases later, nobody else has it")

	// part: end
	// Both are done now, and either of them may say so.
	if err := slow.DoubleAck(ctx); err != nil {
		return err
	}
	fmt.Fprintln(w, "done: the queue has", q.waiting(ctx), "tasks")
	return nil
}

// stillAtIt renews the lease of a task until the work ends.
func stillAtIt(working context.Context, task jetstream.Msg, every time.Duration) {
	for {
		task.InProgress() // if it fails, the next one may not
		select {
		case <-time.After(every):
		case <-working.Done():
			return
		}
	}
}
