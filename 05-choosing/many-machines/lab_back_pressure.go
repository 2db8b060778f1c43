package main

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

const (
	rush = 400 // orders
	room = 20  // of the bounded queue
)

func measurePressure(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("a producer is faster than its worker: in a queue without a limit nearly all of %d orders wait, in one with room for %d never more than %d; both take as long, since the worker does", rush, room, room)
	q, err := openQueue(ctx, 10*time.Second)
	if err != nil {
		return err
	}
	defer q.close()
	// Ten at a time, and not one: the client may then leave a request out, see
	// messages.
	tasks, err := messages(q.tasks, 10)
	if err != nil {
		return err
	}
	defer tasks.Stop()
	var went measure.Samples
	hurry := func(name string, room int64) measure.Variant {
		return measure.Variant{Name: name, Run: func(ctx context.Context) error {
			_, err := q.UpdateStream(ctx, jetstream.StreamConfig{
				Name: "TASKS", Subjects: []string{"tasks"}, Retention: jetstream.WorkQueuePolicy,
				MaxMsgs: room, Discard: jetstream.DiscardNew,
			})
			if err != nil {
				return err
			}
			most, refused, err := q.hurry(ctx, tasks)
			went.Add("most, "+name, float64(most))
			went.Add("over, "+name, measure.Truth(room > 0 && int64(most) > room))
			went.Add("refused, "+name, float64(refused))
			went.Add("left, "+name, float64(q.waiting(ctx)))
			return err
		}}
	}
	times, err := lab.InTurn(ctx, hurry("unbounded", -1), hurry("bounded", room))
	if err != nil {
		return err
	}
	judgePressure(lab, went, times)
	return nil
}

// hurry gives out orders as fast as it can to a worker that does them one by
// one. It returns how many waited at most, and how many were refused.
func (q *queue) hurry(ctx context.Context, tasks jetstream.MessagesContext) (most, refused int, err error) {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		for accepted := 0; accepted < rush; {
			_, err := q.Publish(ctx, "tasks", []byte("order"))
			switch {
			case err == nil:
				accepted++
			case isFull(err):
				refused++
				select { // that's the pressure: the producer waits
				case <-time.After(time.Millisecond):
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			default:
				return err
			}
		}
		return nil
	})
	group.Go(func() error {
		for done := range rush {
			task, err := tasks.Next(jetstream.NextContext(ctx))
			if err != nil {
				return err
			}
			workload.CountPrimes(0, 4000)
			if err := task.DoubleAck(ctx); err != nil {
				return err
			}
			if done%10 == 0 {
				most = max(most, q.waiting(ctx))
			}
		}
		return nil
	})
	return most, refused, group.Wait()
}

func judgePressure(lab *notebook.Lab, went, times measure.Samples) {
	unit := notebook.Unit{Name: "orders that waited at most", Say: measure.Count}
	bounded, unbounded := went.Estimate("most, bounded"), went.Estimate("most, unbounded")
	lab.Figure(unit, "no limit", unbounded)
	lab.Figure(unit, fmt.Sprintf("room for %d", room), bounded, room)
	asked := notebook.Unit{Name: "orders that were refused, and offered again", Say: measure.Count}
	lab.Figure(asked, "no limit", went.Estimate("refused, unbounded"))
	lab.Figure(asked, fmt.Sprintf("room for %d", room), went.Estimate("refused, bounded"))
	all := notebook.Time("time until all are done")
	lab.Figure(all, "no limit", times.Estimate("unbounded"))
	lab.Figure(all, fmt.Sprintf("room for %d", room), times.Estimate("bounded"))

	left, rounds := went.Count("left, bounded")
	over, _ := went.Count("over, bounded")
	lab.Judge("5.12", jetStream, measure.Fact(left == 0 && over == 0, "more than %d orders waited where there's room for %d in %d of %d rounds, and in %d not all were done; without a limit %s waited",
		room, room, over, rounds, left, measure.Count(unbounded.Median)))
	lab.Tell("5.12", jetStream, notebook.Wording{
		measure.Yes: fmt.Sprintf("Of %d orders in a hurry, up to %s waited in a queue without a limit, and never more than %d where there was room for %d. All were done, after %s and %s.",
			rush, measure.Count(unbounded.Median), room, room, times.Estimate("unbounded").Seconds(), times.Estimate("bounded").Seconds()),
		measure.No: fmt.Sprintf("In %d of %d rounds more than %d orders waited where there was room for %d, and in %d not all were done.", over, rounds, room, room, left),
	})
}
