package main

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

const onFile = 200 // orders

func measureRestarts(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("what was acknowledged is in a file: of %d orders all are there after the server was killed. To have each on the disk before it's acknowledged costs what the disk takes", onFile)
	q, err := openQueue(ctx, time.Minute)
	if err != nil {
		return err
	}
	defer q.close()
	careful, err := openQueueOn(ctx, site{Sync: true}, jetstream.ConsumerConfig{})
	if err != nil {
		return err
	}
	defer careful.close()
	var went measure.Samples
	killAndStart := measure.Variant{Name: "back", Run: func(ctx context.Context) error {
		if err := q.servers.kill("server-1"); err != nil {
			return err
		}
		if err := q.comeBack(ctx); err != nil {
			return err
		}
		went.Add("lost", onFile-float64(q.waiting(ctx)))
		return nil
	}}
	give := func(name string, to *queue) measure.Variant {
		return measure.Variant{Name: name, Run: func(ctx context.Context) error {
			if err := to.clear(ctx); err != nil {
				return err
			}
			for range onFile {
				if _, err := to.Publish(ctx, "tasks", []byte("order")); err != nil {
					return err
				}
			}
			return nil
		}}
	}
	lab.Progress("killing the server, again and again")
	var times measure.Samples
	for range lab.Rounds() { // in this order: first orders, then death
		once, err := measure.InTurn(ctx, 1, nil, give("as usual", q), give("careful", careful), killAndStart)
		if err != nil {
			return err
		}
		times = appended(times, once, "as usual", "careful", "back")
	}
	judgeRestarts(lab, went, times)
	return nil
}

// appended returns the samples with those of another round.
func appended(all, round measure.Samples, names ...string) measure.Samples {
	for _, name := range names {
		all.Add(name, round.Estimate(name).Median)
	}
	return all
}

func judgeRestarts(lab *notebook.Lab, went, times measure.Samples) {
	back := notebook.Time("time from the kill to the first answer")
	lab.Figure(back, "the server", times.Estimate("back"))
	sent := notebook.Time("time until an order is acknowledged")
	usual, careful := times.Estimate("as usual").Times(1.0/onFile), times.Estimate("careful").Times(1.0/onFile)
	lab.Figure(sent, "written to a file", usual)
	lab.Figure(sent, "and on the disk", careful)
	some, rounds := went.Count("lost")
	lab.Judge("5.14", jetStream, measure.Fact(some == 0, "the server was killed %d times with %d orders in its queue; some were missing %d times", rounds, onFile, some))
	lab.Tell("5.14", jetStream, notebook.Wording{
		measure.Yes: fmt.Sprintf("We killed the server %d times with %d orders in its queue, and each time all were there when it had started again, after %s.", rounds, onFile, times.Estimate("back").Seconds()),
		measure.No:  fmt.Sprintf("We killed the server %d times with %d orders in its queue, and %d times some were missing.", rounds, onFile, some),
	})
}
