package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

func sameMessageTwice(ctx context.Context, w io.Writer) error {
	q, err := openQueue(ctx, 30*time.Second)
	if err != nil {
		return err
	}
	defer q.close()

	// part: send
	// No answer came in time, so the sender says it again.
	for range 2 {
		if _, err := q.Publish(ctx, "tasks", []byte("order 7")); err != nil {
			return err
		}
	}
	// part: end
	fmt.Fprintln(w, "sent twice, no identity: ", q.waiting(ctx), "in the queue")
	if err := q.clear(ctx); err != nil {
		return err
	}
	// part: identity
	for range 2 {
		if _, err := q.Publish(ctx, "tasks", []byte("order 7"), jetstream.WithMsgID("order 7")); err != nil {
			return err
		}
	}
	// part: end
	fmt.Fprintln(w, "sent twice, one identity:", q.waiting(ctx), "in the queue")

	// part: effect
	// The worker's side: it's given the task twice, as if it had
	// died between the effect and the acknowledgement.
	cooked := 0
	orders, err := q.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: "ORDERS"})
	if err != nil {
		return err
	}
	for range 2 {
		task, err := q.tasks.Next()
		if err != nil {
			return err
		}
		cooked++
		_, err = orders.Create(ctx, "order-7", []byte("cooked"))
		if err != nil && !errors.Is(err, jetstream.ErrKeyExists) {
			return err
		}
		task.Nak() // give it out again
	}
	// part: end
	names, err := orders.Keys(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "done twice: a counter says", cooked, "and the list of orders", len(names))
	return q.sayAgain(ctx, w)
}
