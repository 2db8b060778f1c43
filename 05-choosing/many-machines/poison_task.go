package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/nats-io/nats.go/jetstream"
)

// What a server publishes when it gives a task up: after too many deliveries,
// and when a worker says so.
const triedTooOften = "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.TASKS.workers"
const terminated = "$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.TASKS.workers"

// deadLetters creates a stream that keeps those notes.
func (c *client) deadLetters(ctx context.Context) (jetstream.Consumer, error) {
	return c.workQueue(ctx, "DEAD", jetstream.ConsumerConfig{}, triedTooOften, terminated)
}

func poisonTask(ctx context.Context, w io.Writer) error {
	q, err := openQueueFor(ctx, jetstream.ConsumerConfig{MaxDeliver: 3})
	if err != nil {
		return err
	}
	defer q.close()
	for _, order := range []any{0, "two teas", 2, 3, 4} {
		if err := q.put(ctx, "tasks", fmt.Sprint("order ", order), order); err != nil {
			return err
		}
	}
	// part: work
	done, tries := 0, 0
	for done < 3 || tries < 3 {
		task, err := q.tasks.Next()
		if err != nil {
			return err
		}
		var order int
		if err := json.Unmarshal(task.Data(), &order); err != nil {
			// Nobody can do it. The task is deleted: the reason is
			// all that's left of it.
			task.TermWithReason("not a number: " + string(task.Data()))
		} else if order == 2 { // as if it made the worker crash
			tries++
			task.Nak()
		} else {
			done++
			task.Ack()
		}
	}
	// part: end
	fmt.Fprintln(w, done, "of 5 orders are done; order 2 failed", tries, "times")
	return q.readLetters(ctx, w, 2)
}
