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
	first, err := q.tasks.Next()
	if err != nil {
		return err
	}
	// The first worker is alive and working. The server can't know.
	second, err := q.tasks.Next(jetstream.FetchMaxWait(10 * lease))
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "silent: the task is given to a second worker, too")

	// The second one sends heartbeats, more often than it must.
	working, done := context.WithCancel(ctx)
	go sendHeartbeats(working, second, lease/10)
	_, err = q.tasks.Next(jetstream.FetchMaxWait(2 * lease))
	done()
	if !errors.Is(err, nats.ErrTimeout) {
		return fmt.Errorf("a third worker got it: %w", err)
	}
	fmt.Fprintln(w, "heartbeats: two leases later, nobody else has it")

	// Now the first one is done, long after its lease has expired.
	if err := first.DoubleAck(ctx); err != nil {
		return err
	}
	fmt.Fprintln(w, "late Ack by the first: the queue has", q.waiting(ctx), "tasks")
	// part: end
	return nil
}

// sendHeartbeats renews the lease of a task until the work ends.
func sendHeartbeats(working context.Context, task jetstream.Msg, every time.Duration) {
	for {
		task.InProgress() // if it fails, the next one may not
		select {
		case <-time.After(every):
		case <-working.Done():
			return
		}
	}
}
