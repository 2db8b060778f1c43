package main

import (
	"context"
	"fmt"
	"math"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

// Primes are counted from here on: numbers are so large that one costs as much
// as the next.
const firstNumber = 100_000

// lengths of a task, beside the one from which it should pay.
var lengths = []struct {
	name string
	part float64
}{{"a quarter as long", 0.25}, {"as long", 1}, {"4 times as long", 4}, {"16 times as long", 16}}

// countInPool is what a worker of procpool does with a share.
var countInPool = procpool.Define("count-share",
	func(s share) (int, error) { return workload.CountPrimes(s.Low, s.High), nil })

func measureQueue(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	if cpus < 2 {
		none := measure.Missing("with one CPU, workers never pay")
		judgeQueue(lab, 2, none, none)
		return nil
	}
	c := float64(cpus)
	lab.Predict("with %d workers, tasks of c/(c - 1) = %s times what the queue costs each take as long as in one process; tasks of a quarter of that (4c - 3)/c = %s times as long, tasks of four times that (c + 3)/4c = %s times",
		cpus, measure.Number(c/(c-1)), measure.Number((4*c-3)/c), measure.Number((c+3)/(4*c)))
	q, err := openQueue(ctx, 10*time.Second)
	if err != nil {
		return err
	}
	defer q.close()
	if err := q.hire(ctx, cpus, primeWorker); err != nil {
		return err
	}
	pool, err := procpool.New(cpus)
	if err != nil {
		return err
	}
	defer pool.Close()

	oneProcess := func(_ context.Context, shares []share) error {
		for _, s := range shares {
			workload.CountPrimes(s.Low, s.High)
		}
		return nil
	}
	inQueue := func(ctx context.Context, shares []share) error {
		_, err := q.count(ctx, shares)
		return err
	}
	inPool := func(ctx context.Context, shares []share) error {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(cpus)
		for _, s := range shares {
			group.Go(func() error {
				_, err := countInPool.Call(ctx, pool, s)
				return err
			})
		}
		return group.Wait()
	}
	variant := func(name string, way func(context.Context, []share) error, tasks, numbers int) measure.Variant {
		shares := make([]share, tasks)
		for i := range shares {
			shares[i] = share{firstNumber, firstNumber + numbers}
		}
		return measure.Variant{Name: name, Run: func(ctx context.Context) error { return way(ctx, shares) }}
	}

	// First, what a task costs that does nothing, and what a number costs.
	const some = 20_000
	empty, err := lab.InTurn(ctx,
		variant("numbers", oneProcess, 1, some),
		variant("queue", inQueue, emptyTasks, 0), variant("pool", inPool, emptyTasks, 0))
	if err != nil {
		return err
	}
	perNumber := empty.Estimate("numbers").Median / some
	pays := empty.Estimate("queue").Median / emptyTasks * c / (c - 1)
	// Then, what tasks of several lengths take.
	var variants []measure.Variant
	for _, l := range lengths {
		n := int(pays * l.part / perNumber)
		variants = append(variants, variant("alone, "+l.name, oneProcess, longTasks, n),
			variant("queue, "+l.name, inQueue, longTasks, n), variant("pool, "+l.name, inPool, longTasks, n))
	}
	went, err := lab.InTurn(ctx, variants...)
	if err != nil {
		return err
	}
	judgeQueue(lab, cpus, empty, went)
	return nil
}

// How many tasks are given out in a run: such that do nothing, and others.
const emptyTasks, longTasks = 200, 24

func judgeQueue(lab *notebook.Lab, cpus int, empty, went measure.Samples) {
	c := float64(cpus)
	perTask := func(name string) measure.Estimate { return empty.Estimate(name).Times(1.0 / emptyTasks) }
	pays := func(name string) measure.Estimate { return perTask(name).Times(c / (c - 1)) }
	task := notebook.Time("time for a task that does nothing")
	lab.Figure(task, "procpool", perTask("pool"))
	lab.Figure(task, "the queue", perTask("queue"))
	above := notebook.Time("pays off above tasks of this length")
	lab.Figure(above, "procpool, by the formula", pays("pool"))
	lab.Figure(above, "the queue, by the formula", pays("queue"))
	measured, crosses := crossing(went, pays("queue").Median)
	if crosses {
		lab.Figure(above, "the queue, as measured", measure.EstimateOf([]float64{measured}))
	}

	ratio := notebook.Unit{Name: "× the time of one process", Say: measure.Times}
	lab.Headline(ratio, fmt.Sprintf("%d tasks on %d workers, as long as should pay, shorter and longer", longTasks, cpus))
	for _, l := range lengths {
		lab.Figure(ratio, "procpool, "+l.name, went.Ratio("pool, "+l.name, "alone, "+l.name))
		lab.Figure(ratio, "the queue, "+l.name, went.Ratio("queue, "+l.name, "alone, "+l.name), (l.part+c-1)/(l.part*c))
	}
	short, long := lengths[0].name, lengths[len(lengths)-1].name
	lab.Judge("5.7", jetStream, measure.All(
		went.Ratio("queue, "+short, "alone, "+short).Above("the queue / one process, tasks "+short, 1),
		went.Ratio("queue, "+long, "alone, "+long).Below("the queue / one process, tasks "+long, 1)))
	found := fmt.Sprintf("On this machine's loopback, the queue costs a task %s, and a call to a worker process %s.", perTask("queue").Seconds(), perTask("pool").Seconds())
	if crosses {
		found += fmt.Sprintf(" Tasks longer than %s paid off.", measure.Seconds(measured))
	}
	lab.Answer("5.7", jetStream, notebook.Wording{
		measure.Yes: found,
		measure.No:  found + " That's not what the sentence says.",
	})
}

// crossing returns the length of task from which the queue is faster than one
// process, between the two lengths that were measured, if there is one.
func crossing(went measure.Samples, pays float64) (seconds float64, found bool) {
	before := 0.0
	for i, l := range lengths {
		ratio := went.Ratio("queue, "+l.name, "alone, "+l.name).Median
		if i > 0 && before > 1 && ratio <= 1 {
			way := (before - 1) / (before - ratio)
			shorter := lengths[i-1].part
			return pays * shorter * math.Pow(l.part/shorter, way), true
		}
		before = ratio
	}
	return 0, false
}
