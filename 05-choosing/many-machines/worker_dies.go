package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"concurrency-notebook/internal/again"
)

// A doomedWaiter takes a task, says so, and is busy when it's killed.
var doomedWaiter = again.Define("doomed-waiter", func(address string) error {
	return atWork(address, func(ctx context.Context, js *client) error {
		return doTasks(ctx, js, func(task jetstream.Msg) error {
			if err := again.Say(string(task.Data())); err != nil {
				return err
			}
			select {} // it never gets to task.Ack()
		})
	})
})

func workerDies(ctx context.Context, w io.Writer) error {
	q, err := openQueue(ctx, time.Second) // the lease
	if err != nil {
		return err
	}
	defer q.close()
	for table := range 8 {
		if err := q.put(ctx, "tasks", fmt.Sprint("table ", table), table); err != nil {
			return err
		}
	}
	// part: kill
	doomed, err := q.start(ctx, doomedWaiter)
	if err != nil {
		return err
	}
	table, err := doomed.hear() // waits until it has taken one
	doomed.kill()
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "a worker took table", table, "and was killed")
	// part: end

	if err := q.hire(ctx, 1, waiter); err != nil {
		return err
	}
	served := make(map[int]uint64)
	for len(served) < 8 {
		var s service
		if err := q.result(ctx, &s); err != nil {
			return err
		}
		served[s.Table] = s.Delivery
	}
	fmt.Fprintln(w, "the next one served", len(served), "of 8 tables")
	if served[0] > 1 {
		fmt.Fprintln(w, "table 0 was given out again")
	}
	return nil
}
