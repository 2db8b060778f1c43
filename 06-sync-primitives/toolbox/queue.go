package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
	"concurrency-notebook/internal/workload"
)

func queue(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(ctx context.Context) error {
		// part: block
		start := time.Now()
		orders := primitive.NewQueue[string](2)
		var cook sync.WaitGroup
		cook.Go(func() {
			for {
				dish, err := orders.Get(ctx) // waits while there is none
				if err != nil {
					return // shut down, and nothing left
				}
				time.Sleep(time.Minute) // cooking
				fmt.Fprintln(w, dish, "served after", time.Since(start))
				orders.TaskDone()
			}
		})
		menu := []string{"soup", "cake", "tea", "pie"}
		var err error
		for _, dish := range menu {
			err = errors.Join(err, orders.Put(ctx, dish)) // waits while full
		}
		fmt.Fprintln(w, "the last order on the queue after", time.Since(start))
		err = errors.Join(err, orders.Join(ctx)) // until all are done
		orders.Shutdown(false)
		cook.Wait()

		// part: end
		served := 0
		// part: channel
		tickets := make(chan string, 2)
		cook.Go(func() {
			for range tickets { // until it is closed, and empty
				served++
			}
		})
		for _, dish := range menu {
			tickets <- dish // waits while there are two
		}
		close(tickets) // the cook takes what is left, and ends
		cook.Wait()
		// part: end
		fmt.Fprintln(w, "over a channel:", served, "served")

		// part: zero
		var unlimited primitive.Queue[string]
		for range 1000 {
			err = errors.Join(err, unlimited.Put(ctx, "soup"))
		}
		select {
		case make(chan string) <- "soup":
		default: // nobody is there to receive it
			fmt.Fprintln(w, "size 0: a queue holds", unlimited.Len())
		}
		// part: end
		return err
	})
}

func compareQueues(ctx context.Context, lab *notebook.Lab) error {
	const delay, cooks, orders = 20 * time.Millisecond, 4, 400_000
	const theirOrders = 8000
	lab.Predict("a cook who asks whether there is an order keeps 1 CPU busy until one comes, a cook who blocks keeps 0; and of several who heard that there is one, some come too late")

	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	// The order comes when the site has answered.
	serve := func(take func(context.Context, *primitive.Queue[string]) error) func(context.Context) error {
		return func(ctx context.Context) error {
			q := primitive.NewQueue[string](10)
			group, ctx := errgroup.WithContext(ctx)
			group.Go(func() error {
				if err := site.Fetch(ctx); err != nil {
					return err
				}
				return q.Put(ctx, "soup")
			})
			group.Go(func() error { return take(ctx, q) })
			return group.Wait()
		}
	}
	// Several cooks, and one order at a time: who has taken it puts
	// the next one. With a context that has ended Get does not wait.
	atOnce, cancel := context.WithCancel(ctx)
	cancel()
	var raced measure.Samples
	race := func(ctx context.Context) error {
		var q primitive.Queue[string]
		if err := q.Put(ctx, "soup"); err != nil {
			return err
		}
		var taken, late atomic.Int64
		kitchen, ctx := errgroup.WithContext(ctx)
		for range cooks {
			kitchen.Go(func() error {
				for taken.Load() < orders && ctx.Err() == nil {
					if q.Len() == 0 {
						continue
					}
					if _, err := q.Get(atOnce); err != nil {
						late.Add(1)
						continue
					}
					taken.Add(1)
					if err := q.Put(ctx, "soup"); err != nil {
						return err
					}
				}
				return context.Cause(ctx)
			})
		}
		err := kitchen.Wait()
		raced.Add("late", float64(late.Load()))
		return err
	}
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "asking", Run: serve(func(ctx context.Context, q *primitive.Queue[string]) error {
			for q.Len() == 0 {
				if ctx.Err() != nil {
					return context.Cause(ctx)
				}
			}
			return get(ctx, q)
		})},
		measure.Variant{Name: "blocking", Run: serve(get)},
		measure.Variant{Name: "race", Run: race})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"url": site.URL, "cooks": cooks, "orders": theirOrders})

	judge := func(of notebook.Subject, samples, raced measure.Samples) {
		blocking := samples.Estimate("blocking/cpus")
		lab.Show(string(of)+", asking over and over", "CPUs kept busy", samples.Estimate("asking/cpus"), 1)
		lab.Show(string(of)+", blocking", "CPUs kept busy", blocking, 0)
		lab.Judge("6.20", of, blocking.Decide("CPUs kept busy by blocking", 0, 1))
		lab.Judge("6.21", of, seen(raced, "late", fmt.Sprintf("of %d cooks, one heard that there is an order and found none,", cooks)))
	}
	judge(notebook.CPython, twin, twin)
	judge(notebook.Go, went, raced)
	return nil
}

// get takes an order off the queue, and is content with that.
func get(ctx context.Context, q *primitive.Queue[string]) error {
	_, err := q.Get(ctx)
	return err
}
