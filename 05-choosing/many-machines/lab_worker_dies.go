package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

var leases = []time.Duration{100 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond}

func streamOf(lease time.Duration) string { return fmt.Sprintf("LEASE-%d", lease.Milliseconds()) }

// greedyWaiter takes a task of each lease, says so, and is busy when it's killed.
var greedyWaiter = again.Define("greedy-waiter", func(address string) error {
	return atWork(address, func(ctx context.Context, js *client) error {
		for _, l := range leases {
			tasks, err := js.Consumer(ctx, streamOf(l), "workers")
			if err != nil {
				return err
			}
			if _, err := tasks.Next(); err != nil {
				return err
			}
		}
		if err := again.Say("busy"); err != nil {
			return err
		}
		select {}
	})
})

func measureWorkerDeaths(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("the server can't see that a worker is dead, only that its lease is over: another one has the task after the lease, and none is lost")
	q, err := openQueue(ctx, time.Minute)
	if err != nil {
		return err
	}
	defer q.close()
	tasks := make(map[time.Duration]jetstream.Consumer)
	for _, l := range leases {
		if tasks[l], err = q.workQueue(ctx, streamOf(l), jetstream.ConsumerConfig{AckWait: l}, streamOf(l)); err != nil {
			return err
		}
	}
	var went measure.Samples
	kill := func(ctx context.Context) error {
		for _, l := range leases {
			if _, err := q.Publish(ctx, streamOf(l), []byte("a table")); err != nil {
				return err
			}
		}
		taken := time.Now()
		doomed, err := q.start(ctx, greedyWaiter)
		if err != nil {
			return err
		}
		_, err = doomed.hear() // it's busy
		doomed.kill()
		if err != nil {
			return err
		}
		var group errgroup.Group
		took := make([]float64, len(leases))
		for i, l := range leases {
			group.Go(func() error {
				task, err := tasks[l].Next(jetstream.FetchMaxWait(10 * time.Second))
				if errors.Is(err, nats.ErrTimeout) {
					return nil // lost
				}
				if err != nil {
					return err
				}
				took[i] = time.Since(taken).Seconds()
				return task.Ack()
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
		for i, l := range leases {
			went.Add("lost", measure.Truth(took[i] == 0))
			went.Add(streamOf(l), took[i])
		}
		return nil
	}
	if _, err := lab.InTurn(ctx, measure.Variant{Name: "kill", Run: kill}); err != nil {
		return err
	}
	judgeWorkerDeaths(lab, went)
	return nil
}

func judgeWorkerDeaths(lab *notebook.Lab, went measure.Samples) {
	unit := notebook.Time("time until another worker has the task")
	for _, l := range leases {
		lab.Figure(unit, "a lease of "+measure.Seconds(l.Seconds()), went.Estimate(streamOf(l)), l.Seconds())
	}
	lost, all := went.Count("lost")
	verdict := measure.Fact(lost == 0, "%d tasks lost their worker, and %d of them came to another one", all, all-lost)
	lab.Judge("5.8", jetStream, verdict)
	first, last := leases[0], leases[len(leases)-1]
	lab.Tell("5.8", jetStream, notebook.Wording{
		measure.Yes: fmt.Sprintf("We killed the worker of %d tasks, and another worker got each of them: with a lease of %s after %s, with a lease of %s after %s.", all,
			measure.Seconds(first.Seconds()), went.Estimate(streamOf(first)).Seconds(), measure.Seconds(last.Seconds()), went.Estimate(streamOf(last)).Seconds()),
		measure.No: fmt.Sprintf("We killed the worker of %d tasks, and no other worker ever got %d of them.", all, lost),
	})
}
