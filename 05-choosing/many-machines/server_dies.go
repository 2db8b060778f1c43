package main

import (
	"context"
	"fmt"
	"io"
	"time"

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
	if err := js.putOrders(ctx, 0, 100); err != nil {
		return err
	}
	fmt.Fprintln(w, "three servers have acknowledged 100 orders")

	// part: kill
	leader := tasks.CachedInfo().Cluster.Leader
	if err := servers.kill(leader); err != nil {
		return err
	}
	fmt.Fprintln(w, "the one that leads the queue is killed")
	if err := js.putOrders(ctx, 100, 200); err != nil {
		return err
	}
	fmt.Fprintln(w, "the other two have acknowledged 100 more")

	// part: end
	kept, err := takeAll(ctx, tasks, 200)
	fmt.Fprintln(w, kept, "of 200 orders are there")
	return err
}

func (c *client) putOrders(ctx context.Context, from, to int) error {
	for order := from; order < to; order++ {
		if err := c.put(ctx, "tasks", fmt.Sprint("order ", order), order); err != nil {
			return err
		}
	}
	return nil
}

// takeAll takes messages until there are as many different ones.
func takeAll(ctx context.Context, s jetstream.Stream, n int) (int, error) {
	consumer, err := hireable(ctx, s, jetstream.ConsumerConfig{})
	if err != nil {
		return 0, err
	}
	seen := make(map[string]bool)
	for len(seen) < n && ctx.Err() == nil {
		batch, err := consumer.Fetch(n, jetstream.FetchMaxWait(time.Second))
		if err != nil {
			return len(seen), err
		}
		before := len(seen)
		for m := range batch.Messages() {
			if err := m.Ack(); err != nil {
				return len(seen), err
			}
			seen[string(m.Data())] = true
		}
		if len(seen) == before && batch.Error() == nil {
			break // there are no more
		}
	}
	return len(seen), ctx.Err()
}
