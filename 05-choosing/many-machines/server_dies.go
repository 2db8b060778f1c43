package main

import (
	"context"
	"fmt"
	"io"

	"github.com/nats-io/nats.go/jetstream"
)

func serverDies(ctx context.Context, w io.Writer) error {
	servers, err := startCluster(ctx, 3)
	if err != nil {
		return err
	}
	defer servers.close()
	js, err := servers.connect()
	if err != nil {
		return err
	}
	defer js.close()
	// part: copies
	// Three copies: a message is acknowledged when two servers have it.
	tasks, err := js.create(ctx, jetstream.StreamConfig{
		Name: "TASKS", Subjects: []string{"tasks"}, Replicas: 3,
		Retention: jetstream.WorkQueuePolicy,
	})
	if err != nil {
		return err
	}
	// part: end
	workers, err := hireable(ctx, tasks, jetstream.ConsumerConfig{})
	if err != nil {
		return err
	}
	if err := js.putOrders(ctx, 0, 100); err != nil {
		return err
	}
	fmt.Fprintln(w, "three servers have acknowledged 100 orders")

	// part: kill
	task, err := workers.Next() // a worker has a task in hand
	if err != nil {
		return err
	}
	state, err := infoOf(ctx, tasks)
	if err != nil {
		return err
	}
	if err := servers.kill(state.Cluster.Leader); err != nil {
		return err
	}
	fmt.Fprintln(w, "the one that leads the queue is killed")
	if err := js.putOrders(ctx, 100, 200); err != nil {
		return err
	}
	fmt.Fprintln(w, "the other two have acknowledged 100 more")

	// The worker is done. It acknowledges the task until it's answered.
	if err := patiently(ctx, task.DoubleAck); err != nil {
		return err
	}
	fmt.Fprintln(w, "the order in hand is done")
	// part: end
	kept, err := takeAll(ctx, tasks, 199)
	fmt.Fprintln(w, kept, "of 199 orders are left to do")
	return err
}
