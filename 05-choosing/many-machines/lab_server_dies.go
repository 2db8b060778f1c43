package main

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// How many queues there are, so that one kill gives as many samples, how many
// messages are in each, and what its worker has done, and has in hand, when a
// server is killed.
const manyQueues, inEach, doneBefore, inHand = 24, 50, 5, 5

// A watched queue is one with a worker, of which we know what was acknowledged.
type watchedQueue struct {
	name    string
	stream  jetstream.Stream
	workers jetstream.Consumer
	hand    []jetstream.Msg // what its worker has at the kill
	done    map[string]bool // tasks whose acknowledgement was confirmed
	came    map[string]int  // deliveries, of each task

	leader, workersLeader string // servers, before the kill

	accepted, given float64 // seconds from the kill
	again           float64 // done tasks that were given out again
}

func measureServerDeath(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("by the server's source, a follower that hears nothing of its leader asks for votes after 4 to 9 s. For that long nobody can send if the server that leads the queue is killed, and no worker gets a task if it led the workers' list. If it led neither, hardly anything is noticed. Nothing is lost")
	lab.Progress("three servers elect a leader")
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

	queues := make([]*watchedQueue, manyQueues)
	for i := range queues {
		lab.Progress("queue %d of %d", i+1, manyQueues)
		if queues[i], err = js.watchedQueue(ctx, fmt.Sprint("Q", i)); err != nil {
			return err
		}
	}
	leads := make(map[string]int)
	for _, q := range queues {
		info, err := infoOf(ctx, q.stream)
		if err != nil {
			return err
		}
		workers, err := q.workers.Info(ctx)
		if err != nil {
			return err
		}
		q.leader, q.workersLeader = info.Cluster.Leader, workers.Cluster.Leader
		leads[q.leader]++
		leads[q.workersLeader]++
	}
	victim := queues[0].leader // the one that leads most
	for name := range leads {
		if leads[name] > leads[victim] {
			victim = name
		}
	}
	// Someone who talks to another server isn't cut off by the kill.
	other, err := servers.connectWithout(victim)
	if err != nil {
		return err
	}
	defer other.close()
	for _, q := range queues {
		if err := q.work(ctx, other); err != nil {
			return err
		}
	}

	lab.Progress("%s is killed", victim)
	killed := time.Now()
	if err := servers.kill(victim); err != nil {
		return err
	}
	var group errgroup.Group
	for _, q := range queues {
		group.Go(func() error {
			err := other.keepAsking(ctx, q.name)
			q.accepted = time.Since(killed).Seconds()
			return err
		})
		group.Go(func() error { return q.goOn(ctx, killed) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	var went measure.Samples
	for _, q := range queues {
		went.Add("lost", float64(inEach+1-len(q.came)))
		went.Add("done again", q.again)
		went.Add("leaders differ", measure.Truth(q.leader != q.workersLeader))
		went.Add("send, "+led(q.leader == victim), q.accepted)
		went.Add("take, "+led(q.workersLeader == victim), q.given)
	}
	judgeServerDeath(lab, went)
	return nil
}

func led(byVictim bool) string {
	if byVictim {
		return "led by it"
	}
	return "led by another"
}

// watchedQueue creates a queue with messages, and what its workers share.
func (c *client) watchedQueue(ctx context.Context, name string) (*watchedQueue, error) {
	q := &watchedQueue{name: name, done: make(map[string]bool), came: make(map[string]int)}
	var err error
	q.stream, err = c.create(ctx, jetstream.StreamConfig{
		Name: name, Subjects: []string{name}, Replicas: 3, Retention: jetstream.WorkQueuePolicy,
	})
	if err != nil {
		return nil, err
	}
	if q.workers, err = hireable(ctx, q.stream, jetstream.ConsumerConfig{AckWait: 20 * time.Second}); err != nil {
		return nil, err
	}
	for n := range inEach {
		if err := c.put(ctx, name, fmt.Sprint(n), n); err != nil {
			return nil, err
		}
	}
	return q, nil
}

// work does some tasks, and takes some more, through a client.
func (q *watchedQueue) work(ctx context.Context, by *client) (err error) {
	if q.workers, err = by.Consumer(ctx, q.name, "workers"); err != nil {
		return err
	}
	for len(q.hand) < doneBefore+inHand {
		task, err := q.workers.Next()
		if err != nil {
			return err
		}
		q.came[string(task.Data())]++
		q.hand = append(q.hand, task)
	}
	for _, task := range q.hand[:doneBefore] {
		if err := q.finish(ctx, task); err != nil {
			return err
		}
	}
	q.hand = q.hand[doneBefore:]
	return nil
}

// finish acknowledges a task until a server confirms it.
func (q *watchedQueue) finish(ctx context.Context, task jetstream.Msg) error {
	return often(ctx, func(ctx context.Context) error {
		err := task.DoubleAck(ctx)
		if err == nil {
			q.done[string(task.Data())] = true
		}
		return err
	})
}

// goOn takes the next task as soon as there's one to be had, finishes what was in
// hand at the kill, and then takes tasks until all are done.
func (q *watchedQueue) goOn(ctx context.Context, killed time.Time) error {
	next, err := q.take(ctx)
	if err != nil {
		return err
	}
	q.given = time.Since(killed).Seconds()
	for _, task := range append(q.hand, next) {
		if err := q.finish(ctx, task); err != nil {
			return err
		}
	}
	for {
		var info *jetstream.ConsumerInfo
		err := often(ctx, func(ctx context.Context) (err error) {
			info, err = q.workers.Info(ctx)
			return err
		})
		if err != nil {
			return err
		}
		// The message that comes after the kill is the last one.
		if len(q.came) == inEach+1 && info.NumPending == 0 && info.NumAckPending == 0 {
			return nil
		}
		if time.Since(killed) > patience {
			return nil // some are lost
		}
		if info.NumPending == 0 && info.NumAckPending == 0 {
			time.Sleep(10 * time.Millisecond)
			continue
		}
		task, err := q.take(ctx)
		if err != nil {
			return err
		}
		if err := q.finish(ctx, task); err != nil {
			return err
		}
	}
}

// take asks for a task until it gets one.
func (q *watchedQueue) take(ctx context.Context) (task jetstream.Msg, err error) {
	err = often(ctx, func(context.Context) error {
		task, err = q.workers.Next(jetstream.FetchMaxWait(100 * time.Millisecond))
		return err
	})
	if err == nil {
		id := string(task.Data())
		q.came[id]++
		q.again += measure.Truth(q.done[id])
	}
	return task, err
}

// keepAsking publishes a message until it's acknowledged.
func (c *client) keepAsking(ctx context.Context, subject string) error {
	return often(ctx, func(ctx context.Context) error {
		_, err := c.Publish(ctx, subject, []byte("after"), jetstream.WithMsgID("after"), jetstream.WithRetryAttempts(0))
		return err
	})
}

// often tries until it works, so often that the time it takes is that of the
// servers.
func often(ctx context.Context, try func(ctx context.Context) error) error {
	limit, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		once, giveUp := context.WithTimeout(limit, 100*time.Millisecond)
		err := try(once)
		giveUp()
		if err == nil || limit.Err() != nil {
			return err
		}
		time.Sleep(10 * time.Millisecond) // where no server leads, the refusal comes at once
	}
}

func judgeServerDeath(lab *notebook.Lab, went measure.Samples) {
	unit := notebook.Time("time from the kill until it works again")
	lab.Headline(unit, "How long a queue stands still when one of three servers is killed")
	sent, given := went.Estimate("send, led by it"), went.Estimate("take, led by it")
	lab.Figure(unit, "sending, where it led the queue", sent)
	lab.Figure(unit, "sending, where another one did", went.Estimate("send, led by another"))
	lab.Figure(unit, "taking a task, where it led the workers' list", given)
	lab.Figure(unit, "taking a task, where another one did", went.Estimate("take, led by another"))
	some, queues := went.Count("lost")
	again, _ := went.Count("done again")
	differ, _ := went.Count("leaders differ")
	split := notebook.Unit{Name: fmt.Sprintf("queues, of %d, whose two leaders were on different servers", queues), Say: measure.Count}
	lab.Figure(split, "before the kill", measure.EstimateOf([]float64{float64(differ)}))
	lab.Judge("5.9", jetStream, measure.Fact(some == 0 && again == 0,
		"%d queues had %d acknowledged messages each, and one more after the kill; %d of them have lost any. Each had %d tasks done at the kill, and %d in hand; in %d a done task was given out again",
		queues, inEach, some, doneBefore, inHand, again))
	still := fmt.Sprintf("Where it had led the queue, nobody could send for %s. Where it had led the workers' list, no worker got a task for %s.", sent.Seconds(), given.Seconds())
	lab.Answer("5.9", jetStream, notebook.Wording{
		measure.Yes: fmt.Sprintf("We killed one of three servers under %d queues with a worker each. No message was lost, and no finished task came back. ", queues) + still,
		measure.No:  fmt.Sprintf("We killed one of three servers under %d queues with a worker each. %d of them lost messages, and in %d a finished task came back. ", queues, some, again) + still,
	})
}
