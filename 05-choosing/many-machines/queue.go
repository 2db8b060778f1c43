package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"concurrency-notebook/internal/again"
)

// A queue is a server, workers, and this program, which gives out tasks and
// collects results.
type queue struct {
	*client
	servers *cluster
	workers []*machine
	tasks   jetstream.Consumer // as all workers see it
	results jetstream.MessagesContext
}

// openQueue starts a server that has a queue of tasks, and one of results. A
// worker has to acknowledge a task within the lease. The caller closes the queue.
func openQueue(ctx context.Context, lease time.Duration) (*queue, error) {
	return openQueueFor(ctx, jetstream.ConsumerConfig{AckWait: lease})
}

// openQueueFor does so for workers with other limits than a lease.
func openQueueFor(ctx context.Context, workers jetstream.ConsumerConfig) (*queue, error) {
	return openQueueOn(ctx, site{}, workers)
}

// openQueueOn does so on a server that isn't as usual.
func openQueueOn(ctx context.Context, like site, workers jetstream.ConsumerConfig) (_ *queue, err error) {
	q := new(queue)
	defer func() {
		if err != nil {
			q.close()
		}
	}()
	if q.servers, err = startClusterAs(ctx, 1, like); err != nil {
		return nil, err
	}
	if q.client, err = q.servers.connect(); err != nil {
		return nil, err
	}
	if q.tasks, err = q.workQueue(ctx, "TASKS", "tasks", workers); err != nil {
		return nil, err
	}
	results, err := q.workQueue(ctx, "RESULTS", "results", jetstream.ConsumerConfig{})
	if err != nil {
		return nil, err
	}
	q.results, err = results.Messages()
	return q, err
}

// workQueue creates a stream that keeps each message until it's acknowledged,
// and the one consumer that all workers share.
func (c *client) workQueue(ctx context.Context, name, subject string, workers jetstream.ConsumerConfig) (jetstream.Consumer, error) {
	stream, err := c.create(ctx, jetstream.StreamConfig{
		Name: name, Subjects: []string{subject}, Retention: jetstream.WorkQueuePolicy,
	})
	if err != nil {
		return nil, err
	}
	return hireable(ctx, stream, workers)
}

// hire starts workers of a kind, which end with the queue.
func (q *queue) hire(ctx context.Context, n int, kind *again.Program[string]) error {
	for range n {
		var here string
		w, err := start(ctx, kind, q.servers.address(), &here)
		if err != nil {
			return err
		}
		q.workers = append(q.workers, w)
	}
	return nil
}

// put publishes a message until a server has acknowledged it. To say it twice
// does no harm: the identity tells that it's the same.
func (c *client) put(ctx context.Context, subject, id string, message any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	return patiently(ctx, func(ctx context.Context) error {
		_, err := c.Publish(ctx, subject, text, jetstream.WithMsgID(id))
		return err
	})
}

// result takes the next result into v.
func (q *queue) result(ctx context.Context, v any) error {
	result, err := q.results.Next(jetstream.NextContext(ctx))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(result.Data(), v); err != nil {
		return err
	}
	return result.Ack()
}

func (q *queue) close() (err error) {
	if q.client != nil {
		q.client.close()
	}
	for _, w := range q.workers {
		err = errors.Join(err, w.stop())
	}
	if q.servers != nil {
		err = errors.Join(err, q.servers.close())
	}
	return err
}
