package main

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

const sentTwice = 100 // messages

func measureTwice(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("of %d messages that are sent twice, %d are kept without an identity, and %d with one; after the window in which the server remembers identities, one that comes again is kept again", sentTwice, 2*sentTwice, sentTwice)
	q, err := openQueue(ctx, time.Minute)
	if err != nil {
		return err
	}
	defer q.close()
	var went measure.Samples
	round := 0
	send := func(name string, options func(i int) []jetstream.PublishOpt) measure.Variant {
		return measure.Variant{Name: name,
			Run: func(ctx context.Context) error {
				round++ // identities of another round are others
				for i := range sentTwice {
					for range 2 {
						if _, err := q.Publish(ctx, "tasks", []byte("order"), options(i)...); err != nil {
							return err
						}
					}
				}
				return nil
			},
			After: func() error {
				went.Add("kept, "+name, float64(q.waiting(ctx)))
				return q.clear(ctx)
			},
		}
	}
	times, err := lab.InTurn(ctx,
		send("no identity", func(int) []jetstream.PublishOpt { return nil }),
		send("identity", func(i int) []jetstream.PublishOpt {
			return []jetstream.PublishOpt{jetstream.WithMsgID(fmt.Sprint(round, " ", i))}
		}))
	if err != nil {
		return err
	}

	const window = 100 * time.Millisecond
	_, err = q.create(ctx, jetstream.StreamConfig{Name: "SHORT", Subjects: []string{"short"}, Duplicates: window})
	if err != nil {
		return err
	}
	kept := 0.0
	for range 2 {
		ack, err := q.Publish(ctx, "short", []byte("order"), jetstream.WithMsgID("order"))
		if err != nil {
			return err
		}
		kept += measure.Truth(!ack.Duplicate)
		time.Sleep(3 * window)
	}
	went.Add("late", kept)
	judgeTwice(lab, went, times)
	return nil
}

func judgeTwice(lab *notebook.Lab, went, times measure.Samples) {
	unit := notebook.Unit{Name: fmt.Sprintf("kept, of %d messages that were sent twice", sentTwice), Say: measure.Count}
	none, one, late := went.Estimate("kept, no identity"), went.Estimate("kept, identity"), went.Estimate("late")
	lab.Figure(unit, "without an identity", none, 2*sentTwice)
	lab.Figure(unit, "with one", one, sentTwice)
	again := notebook.Unit{Name: "kept, of one message that was sent again after the window", Say: measure.Count}
	lab.Figure(again, "with one", late, 2)
	cost := notebook.Time("time to send a message")
	lab.Figure(cost, "without an identity", times.Estimate("no identity").Times(0.5/sentTwice))
	lab.Figure(cost, "with one", times.Estimate("identity").Times(0.5/sentTwice))

	ok := one.Low == sentTwice && one.High == sentTwice && late.Median == 2
	lab.Judge("5.10", jetStream, measure.Fact(ok, "of %d messages that were sent twice, %s were kept without an identity, and %s with one; sent again after the window, one was kept %s times",
		sentTwice, measure.Count(none.Median), measure.Count(one.Median), measure.Count(late.Median)))
	text := fmt.Sprintf("Of %d messages that were sent twice, it kept %s without an identity, and %s with one.",
		sentTwice, measure.Count(none.Median), measure.Count(one.Median))
	lab.Tell("5.10", jetStream, notebook.Wording{
		measure.Yes: text + " One that was sent again after the server had forgotten its identity was kept again.",
		measure.No:  text,
	})
}
