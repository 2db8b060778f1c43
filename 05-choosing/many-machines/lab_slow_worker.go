package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// shortLease is that of the experiment; roasts are how many tasks of a kind.
const (
	shortLease = 250 * time.Millisecond
	roasts     = 9
)

// roasting times, in leases. At 2.5 leases the server has given the task out
// again after one and after two.
var roasting = []struct {
	name   string
	leases float64
	silent float64 // deliveries, if the worker says nothing
}{{"half a lease", 0.5, 1}, {"one and a half", 1.5, 2}, {"two and a half", 2.5, 3}}

func measureLeases(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("a task that takes n and a half leases is given out n + 1 times if its worker is silent, and once if it sends heartbeats in time")
	q, err := openQueue(ctx, time.Minute)
	if err != nil {
		return err
	}
	defer q.close()
	var went measure.Samples
	var mu sync.Mutex
	var all sync.WaitGroup
	failed := make(chan error, 2*len(roasting))
	lab.Progress("%d tasks of each kind", roasts)
	for i, r := range roasting {
		for _, way := range []string{"silent", "renewed"} {
			all.Go(func() {
				counts, err := q.roast(ctx, fmt.Sprint(way, i), time.Duration(r.leases*float64(shortLease)), way == "renewed")
				if err != nil {
					failed <- err
					return
				}
				mu.Lock()
				defer mu.Unlock()
				went.Add(way+", "+r.name, counts...)
			})
		}
	}
	all.Wait()
	select {
	case err := <-failed:
		return err
	default:
	}
	judgeLeases(lab, went)
	return nil
}

// roast gives out tasks that take so long, to as many workers as want one. It
// returns how often each was given out before it was done.
func (q *queue) roast(ctx context.Context, name string, takes time.Duration, renew bool) ([]float64, error) {
	tasks, err := q.workQueue(ctx, name, jetstream.ConsumerConfig{AckWait: shortLease}, name)
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	given := make([]float64, roasts)
	done := make([]bool, roasts)
	var left, working sync.WaitGroup
	left.Add(roasts)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	worker := func(task jetstream.Msg) {
		i := int(task.Data()[0])
		mu.Lock()
		if !done[i] {
			given[i]++
		}
		mu.Unlock()
		roast, ready := context.WithTimeout(ctx, takes)
		if renew {
			working.Go(func() { sendHeartbeats(roast, task, shortLease/10) })
		}
		<-roast.Done()
		ready()
		task.Ack()
		mu.Lock()
		defer mu.Unlock()
		if !done[i] {
			done[i] = true
			left.Done()
		}
	}
	consuming, err := tasks.Consume(func(task jetstream.Msg) { working.Go(func() { worker(task) }) })
	if err != nil {
		return nil, err
	}
	for i := range roasts {
		if _, err := q.Publish(ctx, name, []byte{byte(i)}); err != nil {
			return nil, err
		}
	}
	left.Wait()
	consuming.Stop()
	<-consuming.Closed()
	stop()
	working.Wait()
	return given, nil
}

func judgeLeases(lab *notebook.Lab, went measure.Samples) {
	unit := notebook.Unit{Name: "workers that were given the task", Say: measure.Count}
	right, once := true, true
	for _, r := range roasting {
		silent, renewed := went.Estimate("silent, "+r.name), went.Estimate("renewed, "+r.name)
		lab.Figure(unit, r.name+", silent", silent, r.silent)
		lab.Figure(unit, r.name+", with heartbeats", renewed, 1)
		right = right && (silent.Low > 1) == (r.silent > 1)
		once = once && renewed.High == 1
	}
	longest := roasting[len(roasting)-1].name
	silent, renewed := went.Estimate("silent, "+longest), went.Estimate("renewed, "+longest)
	verdict := measure.Fact(right && once, "a task of %s leases was given to %s workers if they were silent, and to %s if they sent heartbeats", longest, measure.Count(silent.Median), measure.Count(renewed.Median))
	verdict.Timed = true // a worker that's held up renews too late
	lab.Judge("5.13", jetStream, verdict)
	text := fmt.Sprintf("A task of %s leases was given to %s workers if they were silent, and to %s if they sent heartbeats.", longest, measure.Count(silent.Median), measure.Count(renewed.Median))
	lab.Tell("5.13", jetStream, notebook.Wording{measure.Yes: text, measure.No: text})
}
