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
	lab.Predict("cooks that put a dish into a full queue get rid of none before there's room for it; if several have seen that a queue isn't empty, some come too late")
	var went measure.Samples
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"cooks": cooks, "orders": theirOrders}, measure.Variant{Name: "kitchen", Run: func(ctx context.Context) error {
		went.Add("early", float64(putIntoFull(cooks)))
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

// putIntoFull lets cooks put a dish each into a full queue, takes one dish
// after another, and returns how many had put theirs before there was room.
func putIntoFull(cooks int) (early int) {
	dishes, done := make(chan int, 1), make(chan struct{}, cooks)
	dishes <- 0
	var ready, kitchen sync.WaitGroup
	ready.Add(cooks)
	for range cooks {
		kitchen.Go(func() {
			ready.Done()
			dishes <- 1
			done <- struct{}{}
		})
	}
	ready.Wait()
	for range cooks {
		early += len(done)
		<-dishes
		<-done // the one that it made room for
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
	}{{notebook.CPython, theirs, measure.Yes, measure.No}, {notebook.Go, went, measure.Same, measure.Different}} {
		late := b.samples.Estimate("late")
		lab.Figure(unit, fmt.Sprintf("%s, %d cooks that look first", b.of, cooks), late)
		lab.Judge("6.20", b.of, inEvery(b.samples, "early", "none of %d cooks put a dish into a full queue before there was room, and then one each,", cooks))
		lab.Judge("6.21", b.of, seen(b.samples, "late", fmt.Sprintf("of %d cooks, one saw that there was an order and found none,", cooks)))
		lab.Answer("6.20", b.of, notebook.Wording{
			b.yes: "Cooks that put a dish into a full queue waited until there was room.",
			b.no:  "Cooks put a dish into a full queue before there was room.",
		})
		n, rounds := b.samples.Count("late")
		text := fmt.Sprintf("In %d of %d rounds somebody saw that there was something, and came too late for it.", n, rounds)
		lab.Answer("6.21", b.of, notebook.Wording{b.yes: text, b.no: text})
	}
}
