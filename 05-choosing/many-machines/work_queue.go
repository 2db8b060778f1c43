package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/workload"
)

// A share of the numbers is a task: count the primes in it.
type share struct{ Low, High int }

// primeWorker is a program of its own. All that it knows of the others
// is the server's address.
var primeWorker = again.Define("prime-worker", func(address string) error {
	return atWork(address, func(ctx context.Context, js *client) error {
		return doTasks(ctx, js, func(task jetstream.Msg) error {
			var s share
			if err := json.Unmarshal(task.Data(), &s); err != nil {
				// Nobody could do it. The reason goes to the dead letters.
				return task.TermWithReason("not a share: " + string(task.Data()))
			}
			primes := fmt.Append(nil, workload.CountPrimes(s.Low, s.High))
			same := jetstream.WithMsgID(task.Headers().Get(jetstream.MsgIDHeader))
			// First store the result, then acknowledge the task. The
			// other way round, a crash in between would lose it.
			if _, err := js.Publish(ctx, "results", primes, same); err != nil {
				return err
			}
			return task.Ack()
		})
	})
})

func workQueue(ctx context.Context, w io.Writer) error {
	q, err := openQueue(ctx, 30*time.Second)
	if err != nil {
		return err
	}
	defer q.close()
	if err := q.hire(ctx, 2, primeWorker); err != nil {
		return err
	}
	primes, err := q.count(ctx, cut(0, 200_000, 16))
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "two workers, 16 tasks:", primes, "primes")
	fmt.Fprintln(w, "one process:          ", workload.CountPrimes(0, 200_000), "primes")
	return nil
}
