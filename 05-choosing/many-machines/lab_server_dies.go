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

// How many queues there are, so that one kill gives as many samples, and how
// many messages are in each.
const manyQueues, inEach = 24, 50

func measureServerDeath(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("by the server's source, a follower that hears nothing of its leader asks for votes after up to 9 s: so long a queue stands still if the server that leads it is killed, and hardly at all if that was another one. Nothing is lost")
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

	queues := make([]jetstream.Stream, manyQueues)
	leads := make(map[string]int)
	for i := range queues {
		lab.Progress("queue %d of %d", i+1, manyQueues)
		name := fmt.Sprint("Q", i)
		if queues[i], err = js.create(ctx, jetstream.StreamConfig{Name: name, Subjects: []string{name}, Replicas: 3}); err != nil {
			return err
		}
		for n := range inEach {
			if err := js.put(ctx, name, fmt.Sprint(n), n); err != nil {
				return err
			}
		}
	}
	leaders := make([]string, manyQueues)
	for i, q := range queues {
		info, err := infoOf(ctx, q)
		if err != nil {
			return err
		}
		leaders[i] = info.Cluster.Leader
		leads[leaders[i]]++
	}
	victim := leaders[0] // the one that leads most of them
	for name := range leads {
		if leads[name] > leads[victim] {
			victim = name
		}
	}
	// Someone who talks to another server isn't cut off by the kill.
	asker, err := servers.connectWithout(victim)
	if err != nil {
		return err
	}
	defer asker.close()

	lab.Progress("%s is killed", victim)
	killed := time.Now()
	if err := servers.kill(victim); err != nil {
		return err
	}
	took := make([]float64, manyQueues)
	var group errgroup.Group
	for i := range queues {
		group.Go(func() error {
			err := asker.keepAsking(ctx, fmt.Sprint("Q", i))
			took[i] = time.Since(killed).Seconds()
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	var went measure.Samples
	for i := range queues {
		q, err := asker.Stream(ctx, fmt.Sprint("Q", i))
		if err != nil {
			return err
		}
		info, err := infoOf(ctx, q)
		if err != nil {
			return err
		}
		went.Add("lost", inEach+1-float64(info.State.Msgs))
		if leaders[i] == victim {
			went.Add("led by it", took[i])
		} else {
			went.Add("led by another", took[i])
		}
	}
	judgeServerDeath(lab, went)
	return nil
}

// keepAsking publishes a message until it's acknowledged, and asks so often that
// the time it takes is that of the servers.
func (c *client) keepAsking(ctx context.Context, subject string) error {
	limit, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		once, giveUp := context.WithTimeout(limit, 100*time.Millisecond)
		_, err := c.Publish(once, subject, []byte("after"), jetstream.WithMsgID("after"), jetstream.WithRetryAttempts(0))
		giveUp()
		if err == nil || limit.Err() != nil {
			return err
		}
		time.Sleep(10 * time.Millisecond) // where no server leads, the refusal comes at once
	}
}

func judgeServerDeath(lab *notebook.Lab, went measure.Samples) {
	unit := notebook.Time("time until the queue takes a message again")
	lab.Headline(unit, "How long a queue stands still when one of three servers is killed")
	dead, other := went.Estimate("led by it"), went.Estimate("led by another")
	lab.Figure(unit, "queues that it led", dead)
	lab.Figure(unit, "queues that another one led", other)
	some, queues := went.Count("lost")
	lab.Judge("5.9", jetStream, measure.Fact(some == 0, "%d queues had %d acknowledged messages each, and one more after the kill; %d of them have lost any", queues, inEach, some))
	still := fmt.Sprintf("Queues that the killed server had led stood still for %s, the others for %s.", dead.Seconds(), other.Seconds())
	lab.Answer("5.9", jetStream, notebook.Wording{
		measure.Yes: fmt.Sprintf("We killed one of three servers, and none of %d queues lost a message. ", queues) + still,
		measure.No:  fmt.Sprintf("We killed one of three servers, and %d of %d queues lost messages. ", some, queues) + still,
	})
}
