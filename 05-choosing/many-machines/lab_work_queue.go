package main

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

// How many tasks that do nothing are given out in a run, and to how many workers.
const emptyTasks, emptyWorkers = 200, 2

// countInPool is what a worker of procpool does with a share.
var countInPool = procpool.Define("count-share",
	func(s share) (int, error) { return workload.CountPrimes(s.Low, s.High), nil })

func measureQueue(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("a task that goes through a queue crosses two connections and is written to a file, and so is its result; a call to a worker process crosses a pipe, and its result another. So the queue costs several times as much")
	q, err := openQueue(ctx, 10*time.Second)
	if err != nil {
		return err
	}
	defer q.close()
	if err := q.hire(ctx, emptyWorkers, primeWorker); err != nil {
		return err
	}
	pool, err := procpool.New(emptyWorkers)
	if err != nil {
		return err
	}
	defer pool.Close()

	empty := make([]share, emptyTasks)
	inQueue := func(ctx context.Context) error {
		_, err := q.count(ctx, empty)
		return err
	}
	inPool := func(ctx context.Context) error {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(emptyWorkers)
		for _, s := range empty {
			group.Go(func() error {
				_, err := countInPool.Call(ctx, pool, s)
				return err
			})
		}
		return group.Wait()
	}
	went, err := lab.InTurn(ctx, measure.Variant{Name: "queue", Run: inQueue}, measure.Variant{Name: "pool", Run: inPool})
	if err != nil {
		return err
	}
	judgeQueue(lab, went)
	return nil
}

func judgeQueue(lab *notebook.Lab, went measure.Samples) {
	perTask := func(name string) measure.Estimate { return went.Estimate(name).Times(1.0 / emptyTasks) }
	pool, queue := perTask("pool"), perTask("queue")
	task := notebook.Time("time for a task that does nothing")
	lab.Figure(task, "procpool", pool)
	lab.Figure(task, "the queue", queue)
	lab.Figure(notebook.Time("a task to which the queue adds a tenth"), "ten times as long", queue.Times(10))
	lab.Judge("5.7", jetStream, went.Ratio("queue", "pool").Above("the queue / procpool", 3))
	found := fmt.Sprintf("On this machine, the queue costs a task %s, and a call to a worker process %s.", queue.Seconds(), pool.Seconds())
	lab.Answer("5.7", jetStream, notebook.Wording{measure.Yes: found, measure.No: found})
}
