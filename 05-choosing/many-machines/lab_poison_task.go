package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// fragileWorker dies at the poison.
var fragileWorker = again.Define("fragile-worker", func(address string) error {
	return atWork(address, func(ctx context.Context, js *client) error {
		return doTasks(ctx, js, func(task jetstream.Msg) error {
			if string(task.Data()) == "poison" {
				os.Exit(3) // as the system does when memory is out
			}
			return task.DoubleAck(ctx)
		})
	})
})

const (
	healthy    = 9 // tasks beside the poison
	mostDeaths = 5 // then we stop looking

	poisonLease = 100 * time.Millisecond
)

func measurePoison(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("with a limit of n deliveries, the poison kills n workers, and the server gives it up; without a limit, it kills every worker that comes")
	var went measure.Samples
	for range max(1, lab.Rounds()/8) { // each death takes a lease
		for _, limit := range []int{1, 3, -1} {
			deaths, left, letters, err := poison(ctx, limit)
			if err != nil {
				return err
			}
			went.Add(fmt.Sprint("deaths, ", limit), float64(deaths))
			went.Add(fmt.Sprint("left, ", limit), float64(left))
			went.Add(fmt.Sprint("letters, ", limit), float64(letters))
		}
	}
	judgePoison(lab, went)
	return nil
}

// poison puts one into a queue, and starts a worker as often as one dies. It
// returns how many died, how many tasks are in the queue then, and how many dead
// letters came.
func poison(ctx context.Context, limit int) (deaths, left, letters int, err error) {
	q, err := openQueueFor(ctx, jetstream.ConsumerConfig{MaxDeliver: limit, AckWait: poisonLease})
	if err != nil {
		return 0, 0, 0, err
	}
	defer q.close()
	for i := range healthy + 1 {
		task := "healthy"
		if i == healthy/2 {
			task = "poison"
		}
		if _, err := q.Publish(ctx, "tasks", []byte(task)); err != nil {
			return 0, 0, 0, err
		}
	}
	for deaths < mostDeaths && letters == 0 {
		worker, err := q.start(ctx, fragileWorker)
		if err != nil {
			return 0, 0, 0, err
		}
		died := make(chan error, 1)
		go func() { // it says no more: its output ends
			_, err := worker.hear()
			died <- err
		}()
		// It dies, or it's idle and there's a dead letter.
		wait := time.Now().Add(10 * time.Second)
		for alive := true; alive && letters == 0 && time.Now().Before(wait); {
			select {
			case <-died:
				deaths++
				alive = false
			default:
				switch letter, err := q.dead.Next(jetstream.FetchMaxWait(20 * time.Millisecond)); {
				case err == nil:
					letters++
					letter.Ack()
				case !errors.Is(err, nats.ErrTimeout):
					return 0, 0, 0, err
				}
			}
		}
		worker.kill()
	}
	return deaths, q.waiting(ctx), letters, nil
}

func judgePoison(lab *notebook.Lab, went measure.Samples) {
	unit := notebook.Unit{Name: "workers that the poison killed", Say: measure.Count}
	lab.Figure(unit, "one delivery is allowed", went.Estimate("deaths, 1"), 1)
	lab.Figure(unit, "three deliveries", went.Estimate("deaths, 3"), 3)
	lab.Figure(unit, fmt.Sprintf("no limit, when we stopped at %d", mostDeaths), went.Estimate("deaths, -1"))
	ok := true
	for name, want := range map[string]float64{
		"deaths, 1": 1, "letters, 1": 1, "left, 1": 1,
		"deaths, 3": 3, "letters, 3": 1, "left, 3": 1,
	} {
		e := went.Estimate(name)
		ok = ok && e.Low == want && e.High == want
	}
	three := went.Estimate("deaths, 3")
	lab.Judge("5.11", jetStream, measure.Fact(ok, "with one delivery allowed the poison killed %s, with three %s; then came %s dead letter, and %s of %d tasks was left",
		measure.Count(went.Estimate("deaths, 1").Median), measure.Count(three.Median), measure.Count(went.Estimate("letters, 3").Median),
		measure.Count(went.Estimate("left, 3").Median), healthy+1))
	text := fmt.Sprintf("With three deliveries allowed, a task that kills its worker killed %s, then a dead letter came, and all %d other tasks were done. Without a limit it killed every worker that we started, until we stopped after %s.",
		measure.Count(three.Median), healthy, measure.Count(went.Estimate("deaths, -1").Median))
	lab.Tell("5.11", jetStream, notebook.Wording{
		measure.Yes: text,
		measure.No: fmt.Sprintf("With three deliveries allowed, a task that kills its worker killed %s, %s dead letters came, and %s of %d tasks were left.",
			measure.Count(three.Median), measure.Count(went.Estimate("letters, 3").Median), measure.Count(went.Estimate("left, 3").Median), healthy+1),
	})
}
