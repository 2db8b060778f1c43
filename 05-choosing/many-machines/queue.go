package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
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
	tasks   jetstream.Consumer // what all workers share
	dead    jetstream.Consumer // of the dead letters
	results jetstream.MessagesContext
	given   int // shares, in all
}

// openQueue starts a server that has a queue of tasks, one of results, and one
// of dead letters. A worker has to acknowledge a task within the lease. The caller closes the queue.
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
	if q.dead, err = q.deadLetters(ctx); err != nil {
		return nil, err
	}
	if q.tasks, err = q.workQueue(ctx, "TASKS", workers, "tasks"); err != nil {
		return nil, err
	}
	results, err := q.workQueue(ctx, "RESULTS", jetstream.ConsumerConfig{}, "results")
	if err != nil {
		return nil, err
	}
	q.results, err = messages(results, 100)
	return q, err
}

// workQueue creates a stream that keeps each message of some subjects until it's
// acknowledged, and the one consumer that all workers share.
func (c *client) workQueue(ctx context.Context, name string, workers jetstream.ConsumerConfig, subjects ...string) (jetstream.Consumer, error) {
	stream, err := c.create(ctx, jetstream.StreamConfig{
		Name: name, Subjects: subjects, Retention: jetstream.WorkQueuePolicy,
	})
	if err != nil {
		return nil, err
	}
	return hireable(ctx, stream, workers)
}

// messages returns those of a consumer as they come, asking for so many at a
// time. If the server gives no sign of life for two seconds, it's asked again.
//
// A server that's well gives none either if it hasn't been asked. The client
// leaves a request out while it's still busy sending the one before, and thinks
// of it at the next message. Beside heavy load, one who asks for a single message
// at a time may have got and done it by then, and there is no next.
func messages(from jetstream.Consumer, atATime int) (jetstream.MessagesContext, error) {
	return from.Messages(jetstream.PullMaxMessages(atATime),
		jetstream.PullExpiry(10*time.Second), jetstream.PullHeartbeat(time.Second),
		jetstream.WithMessagesErrOnMissingHeartbeat(false))
}

// hire starts workers of a kind, which end with the queue.
func (q *queue) hire(ctx context.Context, n int, kind *again.Program[string]) error {
	for range n {
		w, err := q.start(ctx, kind)
		if err != nil {
			return err
		}
		q.workers = append(q.workers, w)
	}
	return nil
}

// start starts a worker of a kind, and waits until it's at work.
func (q *queue) start(ctx context.Context, kind *again.Program[string]) (*machine, error) {
	var here string
	return start(ctx, kind, q.servers.address(), &here)
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

// count gives the shares to the workers, and adds up what comes back.
func (q *queue) count(ctx context.Context, shares []share) (total int, err error) {
	for _, s := range shares {
		task, err := json.Marshal(s)
		if err != nil {
			return 0, err
		}
		q.given++
		identity := jetstream.WithMsgID(fmt.Sprint("share ", q.given))
		if _, err := q.PublishAsync("tasks", task, identity); err != nil {
			return 0, err
		}
	}
	for range shares {
		var primes int
		if err := q.result(ctx, &primes); err != nil {
			return 0, err
		}
		total += primes
	}
	return total, nil
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

func (c *client) putOrders(ctx context.Context, from, to int) error {
	for order := from; order < to; order++ {
		if err := c.put(ctx, "tasks", fmt.Sprint("order ", order), order); err != nil {
			return err
		}
	}
	return nil
}

// takeAll takes messages until there are as many different ones. In a cluster,
// the servers may have to agree first who gives them out.
func takeAll(ctx context.Context, s jetstream.Stream, n int) (int, error) {
	consumer, err := hireable(ctx, s, jetstream.ConsumerConfig{})
	if err != nil {
		return 0, err
	}
	seen := make(map[string]bool)
	for late := time.Now().Add(patience); len(seen) < n && time.Now().Before(late); {
		batch, err := consumer.Fetch(n-len(seen), jetstream.FetchMaxWait(time.Second))
		if err != nil {
			return len(seen), err
		}
		for m := range batch.Messages() {
			if err := m.Ack(); err != nil {
				return len(seen), err
			}
			seen[string(m.Data())] = true
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return len(seen), context.Cause(ctx)
		}
	}
	return len(seen), nil
}

// waiting returns how many tasks are in the queue, or -1 if the server doesn't say.
func (q *queue) waiting(ctx context.Context) int {
	stream, err := q.Stream(ctx, "TASKS")
	if err != nil {
		return -1
	}
	return int(stream.CachedInfo().State.Msgs)
}

func (q *queue) clear(ctx context.Context) error {
	stream, err := q.Stream(ctx, "TASKS")
	if err != nil {
		return err
	}
	return stream.Purge(ctx)
}

// take returns the tasks that a worker gets within a second, at most n. It lets
// the server end what it asked for: where MaxAckPending holds tasks back, the
// server keeps a FetchNoWait, too, and gives it a task when nobody listens.
func take(tasks jetstream.Consumer, n int) (taken []jetstream.Msg, err error) {
	batch, err := tasks.Fetch(n, jetstream.FetchMaxWait(time.Second))
	if err != nil {
		return nil, err
	}
	for m := range batch.Messages() {
		taken = append(taken, m)
	}
	return taken, batch.Error()
}

// isFull tells whether a queue has refused a message.
func isFull(err error) bool {
	refusal, ok := errors.AsType[*jetstream.APIError](err)
	return ok && refusal.ErrorCode == full
}

const full = 10077 // "maximum messages exceeded"

// readLetters tells what the next dead letters say, and what became of the tasks
// that they're about. Meanwhile a worker waits for tasks: only when it asks does
// the server see that one was tried too often.
func (q *queue) readLetters(ctx context.Context, w io.Writer, n int) error {
	waits, stop := context.WithCancel(ctx)
	var idle sync.WaitGroup
	defer idle.Wait()
	defer stop()
	idle.Go(func() { q.tasks.Next(jetstream.FetchContext(waits)) })
	stream, err := q.Stream(ctx, "TASKS")
	if err != nil {
		return err
	}
	var lines []string
	for range n {
		letter, err := q.dead.Next()
		if err != nil {
			return err
		}
		var about struct {
			Number     uint64 `json:"stream_seq"`
			Deliveries int    `json:"deliveries"`
			Reason     string `json:"reason"`
		}
		if err := json.Unmarshal(letter.Data(), &about); err != nil {
			return err
		}
		switch task, err := stream.GetMsg(ctx, about.Number); {
		case errors.Is(err, jetstream.ErrMsgNotFound):
			lines = append(lines, fmt.Sprintf("dead letter: %s; the task is gone", about.Reason))
		case err != nil:
			return err
		default:
			lines = append(lines, fmt.Sprintf("dead letter: %d deliveries; the task is in the queue: order %s", about.Deliveries, task.Data))
		}
		if err := letter.Ack(); err != nil {
			return err
		}
	}
	slices.Sort(lines)
	for _, line := range lines {
		fmt.Fprintln(w, line)
	}
	return nil
}

// sayAgain finishes order 7 and sends it again: at once, and when the server has
// started anew.
func (q *queue) sayAgain(ctx context.Context, w io.Writer) error {
	task, err := q.tasks.Next()
	if err != nil {
		return err
	}
	if err := task.DoubleAck(ctx); err != nil {
		return err
	}
	for _, when := range []string{"done, and sent again:    ", "and after a new start:   "} {
		if _, err := q.Publish(ctx, "tasks", []byte("order 7"), jetstream.WithMsgID("order 7")); err != nil {
			return err
		}
		fmt.Fprintln(w, when, q.waiting(ctx), "in the queue")
		if err := q.servers.stopAll(); err != nil {
			return err
		}
		if err := q.comeBack(ctx); err != nil {
			return err
		}
	}
	return nil
}
