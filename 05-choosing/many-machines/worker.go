package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/nats-io/nats.go/jetstream"

	"concurrency-notebook/internal/again"
)

// atWork is the main of a worker: it connects, says that it's there, and works.
// It ends with its standard input, in the middle of a task too.
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

// doTasks does one task after the other. Each is taken when the one before is
// done, so that a slow worker leaves the others to others.
func doTasks(ctx context.Context, js *client, do func(task jetstream.Msg) error) error {
	queue, err := js.Consumer(ctx, "TASKS", "workers")
	if err != nil {
		return err
	}
	tasks, err := messages(queue, 1)
	if err != nil {
		return err
	}
	for {
		task, err := tasks.Next()
		if err != nil {
			return err
		}
		if err := do(task); err != nil {
			return err
		}
	}
}

// A service is what a worker tells of a table that it has served.
type service struct {
	Table    int
	Delivery uint64 // how often the table has been given out
}

var waiter = again.Define("waiter", func(address string) error {
	return atWork(address, func(ctx context.Context, js *client) error {
		return doTasks(ctx, js, func(task jetstream.Msg) error {
			var s service
			if err := json.Unmarshal(task.Data(), &s.Table); err != nil {
				return err
			}
			about, err := task.Metadata()
			if err != nil {
				return err
			}
			s.Delivery = about.NumDelivered
			// Served twice, it still counts once: same identity.
			if err := js.put(ctx, "results", fmt.Sprint("served ", s.Table), s); err != nil {
				return err
			}
			return task.Ack()
		})
	})
})
