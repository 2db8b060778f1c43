package main

import (
	"context"
	"fmt"
	"io"

	"github.com/nats-io/nats.go/jetstream"
)

// givenUp is what a server publishes when it gives a task up.
const givenUp = "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.TASKS.workers"

func poisonTask(ctx context.Context, w io.Writer) error {
	// part: limit
	q, err := openQueueFor(ctx, jetstream.ConsumerConfig{MaxDeliver: 3})
	if err != nil {
		return err
	}
	defer q.close()
	// The dead letters: a stream keeps what the server says of them.
	dead, err := q.workQueue(ctx, "DEAD", givenUp, jetstream.ConsumerConfig{})
	if err != nil {
		return err
	}
	// part: end
	for order := range 5 {
		if err := q.put(ctx, "tasks", fmt.Sprint("order ", order), order); err != nil {
			return err
		}
	}

	// part: work
	tries, done := 0, 0
	for tries < 3 || done < 4 {
		task, err := q.tasks.Next()
		if err != nil {
			return err
		}
		if string(task.Data()) == "2" { // as if it made the worker crash
			tries++
			task.Nak()
			continue
		}
		done++
		task.Ack()
	}
	// part: end
	fmt.Fprintln(w, done, "of 5 orders are done; order 2 failed", tries, "times")

	// part: letter
	if _, err := q.tasks.FetchNoWait(1); err != nil { // nothing is left to take
		return err
	}
	order, err := q.deadLetter(ctx, dead)
	fmt.Fprintln(w, "a dead letter is about order", order)
	return err
}
