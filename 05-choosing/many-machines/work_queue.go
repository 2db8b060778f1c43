package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/nats-io/nats.go/jetstream"

	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/workload"
)

// A share of the numbers is a task: count the primes in it.
type share struct{ Low, High int }

// primeWorker is a program of its own, on any machine.
var primeWorker = again.Define("prime-worker", func(address string) error {
	return atWork(address, func(ctx context.Context, js *client) error {
		queue, err := js.Consumer(ctx, "TASKS", "workers")
		if err != nil {
			return err
		}
		// Take one task at a time, and leave the others to others.
		tasks, err := queue.Messages(jetstream.PullMaxMessages(1))
		if err != nil {
			return err
		}
		for {
			task, err := tasks.Next()
			if err != nil {
				return err
			}
			if err := countShare(ctx, js, task); err != nil {
				return err
			}
		}
	})
})

// countShare does a task: first the result is stored, then the task is
// acknowledged. The other way round, a crash in between would lose it.
func countShare(ctx context.Context, js *client, task jetstream.Msg) error {
	var s share
	if err := json.Unmarshal(task.Data(), &s); err != nil {
		return task.TermWithReason("it's no share")
	}
	found, err := json.Marshal(workload.CountPrimes(s.Low, s.High))
	if err != nil {
		return err
	}
	if _, err := js.Publish(ctx, "results", found); err != nil {
		return err
	}
	return task.DoubleAck(ctx)
}

func workQueue(ctx context.Context, w io.Writer) error {
	q, err := openQueue(ctx, 2, primeWorker)
	if err != nil {
		return err
	}
	defer q.close()
	primes, err := q.count(ctx, cut(0, 200_000, 16))
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "two workers, 16 tasks:", primes, "primes below 200,000")
	fmt.Fprintln(w, "one process:          ", workload.CountPrimes(0, 200_000), "primes below 200,000")
	return nil
}
