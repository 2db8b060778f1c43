package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

func backPressure(ctx context.Context, w io.Writer) error {
	q, err := openQueueFor(ctx, jetstream.ConsumerConfig{MaxAckPending: 2})
	if err != nil {
		return err
	}
	defer q.close()
	// part: room
	// A queue with room for three: what doesn't fit is refused.
	_, err = q.UpdateStream(ctx, jetstream.StreamConfig{
		Name: "TASKS", Subjects: []string{"tasks"},
		Retention: jetstream.WorkQueuePolicy,
		MaxMsgs:   3, Discard: jetstream.DiscardNew,
	})
	if err != nil {
		return err
	}

	accepted, refused := 0, 0
	for order := range 5 {
		_, err := q.Publish(ctx, "tasks", fmt.Append(nil, order))
		switch {
		case err == nil:
			accepted++
		case isFull(err):
			refused++
		default:
			return err
		}
	}
	fmt.Fprintln(w, "of 5 orders,", accepted, "were accepted and", refused, "refused")

	// part: end
	// A worker that wants ten tasks gets two until it's done with one.
	taken, err := take(q.tasks, 10)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "a worker that asks for 10 tasks gets", len(taken))
	if err := taken[0].DoubleAck(ctx); err != nil {
		return err
	}
	more, err := take(q.tasks, 10)
	fmt.Fprintln(w, "when one is done, it gets", len(more), "more")
	if err != nil {
		return err
	}
	taken[1].NakWithDelay(time.Hour)
	more, err = take(q.tasks, 10)
	fmt.Fprintln(w, "put off for an hour, it still counts: it gets", len(more), "more")
	if err != nil {
		return err
	}
	_, err = q.Publish(ctx, "tasks", []byte("5"))
	fmt.Fprintln(w, "and there's room for another order:", err == nil)
	return nil
}
