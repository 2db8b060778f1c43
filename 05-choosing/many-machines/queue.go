package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"concurrency-notebook/internal/again"
)

// A queue is a server, workers, and this program, which gives tasks and collects
// results.
type queue struct {
	*client
	servers *cluster
	results jetstream.MessagesContext
	stop    func()
}

// openQueue starts a server and workers of a kind. The caller closes the queue.
func openQueue(ctx context.Context, workers int, kind *again.Program[string]) (_ *queue, err error) {
	q := &queue{stop: func() {}}
	defer func() {
		if err != nil {
			q.close()
		}
	}()
	if q.servers, err = startCluster(ctx, 1); err != nil {
		return nil, err
	}
	if q.client, err = q.servers.connect(); err != nil {
		return nil, err
	}
	if _, err = q.workQueue(ctx, "TASKS", "tasks", 1); err != nil {
		return nil, err
	}
	results, err := q.workQueue(ctx, "RESULTS", "results", 1)
	if err != nil {
		return nil, err
	}
	if q.results, err = results.Messages(); err != nil {
		return nil, err
	}
	if workers > 0 {
		q.stop, err = startWorkers(ctx, workers, kind, q.servers.address())
	}
	return q, err
}

// workQueue creates a stream that keeps each message until it's acknowledged,
// and the one consumer that all workers share.
func (c *client) workQueue(ctx context.Context, name, subject string, replicas int) (jetstream.Consumer, error) {
	stream, err := c.create(ctx, jetstream.StreamConfig{
		Name: name, Subjects: []string{subject}, Replicas: replicas,
		Retention: jetstream.WorkQueuePolicy,
	})
	if err != nil {
		return nil, err
	}
	return stream.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: "workers", AckPolicy: jetstream.AckExplicitPolicy, AckWait: 30 * time.Second,
	})
}

// count gives the shares to the workers, and adds up what comes back.
func (q *queue) count(ctx context.Context, shares []share) (total int, err error) {
	for _, s := range shares {
		task, err := json.Marshal(s)
		if err != nil {
			return 0, err
		}
		if _, err := q.PublishAsync("tasks", task); err != nil {
			return 0, err
		}
	}
	for range shares {
		result, err := q.results.Next(jetstream.NextContext(ctx))
		if err != nil {
			return 0, err
		}
		var found int
		if err := json.Unmarshal(result.Data(), &found); err != nil {
			return 0, err
		}
		if err := result.Ack(); err != nil {
			return 0, err
		}
		total += found
	}
	return total, nil
}

func (q *queue) close() (err error) {
	q.stop()
	if q.client != nil {
		q.client.close()
	}
	if q.servers != nil {
		err = errors.Join(err, q.servers.close())
	}
	return err
}

// cut divides the numbers from low to high into shares.
func cut(low, high, pieces int) []share {
	var work []share
	for i := range pieces {
		from, to := (high-low)*i/pieces, (high-low)*(i+1)/pieces
		work = append(work, share{low + from, low + to})
	}
	return work
}
