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
			select {}
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
	var taken string
	if err := q.takeAndDie(ctx, doomedWaiter, &taken); err != nil {
		return err
	}
	fmt.Fprintln(w, "a worker took table", taken, "and was killed")

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

// takeAndDie starts a worker, waits until it says what it has taken,
// and kills it.
func (q *queue) takeAndDie(ctx context.Context, kind *again.Program[string], taken any) error {
	var here string
	doomed, err := start(ctx, kind, q.servers.address(), &here)
	if err != nil {
		return err
	}
	defer doomed.kill()
	return doomed.child.Ask(taken)
}
