package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

const cooks = 4

func compareQueues(ctx context.Context, lab *notebook.Lab) error {
	const orders, theirOrders = 400_000, 4000
	lab.Predict("cooks that take from an empty queue get nothing before there's something to get; if several have seen that it isn't empty, some come too late")
	var went measure.Samples
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"cooks": cooks, "orders": theirOrders}, measure.Variant{Name: "kitchen", Run: func(ctx context.Context) error {
		went.Add("early", float64(takeFromEmpty(cooks)))
		late, err := lookThenTake(ctx, orders)
		went.Add("late", float64(late))
		return err
	}})
	if err != nil {
		return err
	}
	lab.Remark("In Python the threads take turns after ten microseconds here, and not after five milliseconds, so that they meet in every round.")
	judgeQueues(lab, went, theirs)
	return nil
}

// takeFromEmpty lets cooks take from an empty queue, puts one order after
// another, and returns how many had got one before it was there.
func takeFromEmpty(cooks int) (early int) {
	orders, served := make(chan int), make(chan int, cooks)
	var ready, kitchen sync.WaitGroup
	ready.Add(cooks)
	for range cooks {
		kitchen.Go(func() {
			ready.Done()
			served <- <-orders
		})
	}
	ready.Wait()
	for order := range cooks {
		early += len(served)
		orders <- order
		<-served // the one that it was for
	}
	kitchen.Wait()
	return early
}

// lookThenTake lets several cooks take one order at a time, each of whom looks
// first, and puts the next one. It returns how many came too
// late for an order that they had seen.
func lookThenTake(ctx context.Context, orders int64) (late int64, err error) {
	queue := make(chan string, cooks)
	queue <- "soup"
	var taken, missed atomic.Int64
	kitchen, ctx := errgroup.WithContext(ctx)
	for range cooks {
		kitchen.Go(func() error {
			for taken.Load() < orders && ctx.Err() == nil {
				if len(queue) == 0 {
					continue
				}
				select {
				case dish := <-queue:
					taken.Add(1)
					queue <- dish
				default:
					missed.Add(1)
				}
			}
			return context.Cause(ctx)
		})
	}
	err = kitchen.Wait()
	return missed.Load(), err
}

func judgeQueues(lab *notebook.Lab, went, theirs measure.Samples) {
	unit := notebook.Unit{Name: "saw that there was an order, and found none", Say: measure.Count}
	for _, b := range []struct {
		of      notebook.Subject
		samples measure.Samples
		yes, no measure.Answer
		call    string
	}{{notebook.CPython, theirs, measure.Yes, measure.No, "`get()`"}, {notebook.Go, went, measure.Same, measure.Different, "a receive"}} {
		late := b.samples.Estimate("late")
		lab.Figure(unit, fmt.Sprintf("%s, %d cooks that look first", b.of, cooks), late)
		lab.Judge("6.20", b.of, inEvery(b.samples, "early", "%d cooks got nothing from an empty queue before there was something, and then one each,", cooks))
		lab.Judge("6.21", b.of, seen(b.samples, "late", fmt.Sprintf("of %d cooks, one saw that there was an order and found none,", cooks)))
		lab.Answer("6.20", b.of, notebook.Wording{
			b.yes: fmt.Sprintf("On an empty queue, %s waited until there was something.", b.call),
			b.no:  fmt.Sprintf("On an empty queue, %s returned before there was something.", b.call),
		})
		n, rounds := b.samples.Count("late")
		text := fmt.Sprintf("In %d of %d rounds somebody saw that there was something, and came too late for it.", n, rounds)
		lab.Answer("6.21", b.of, notebook.Wording{b.yes: text, b.no: text})
	}
}
