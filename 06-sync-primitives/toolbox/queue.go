package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

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
		for _, dish := range menu {
			orders.Put(ctx, dish) // waits while there are two
		}
		fmt.Fprintln(w, "the last order taken after", time.Since(start))
		orders.Join(ctx) // until as many are done as were put
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
		// part: end
		for _, dish := range menu {
			tickets <- dish // waits while there are two
		}
		close(tickets)
		cook.Wait()
		fmt.Fprintln(w, "over a channel:", served, "served")

		// part: zero
		var unlimited primitive.Queue[string]
		for range 1000 {
			unlimited.Put(ctx, "soup")
		}
		select {
		case make(chan string) <- "soup":
		default: // nobody is there to receive it
			fmt.Fprintln(w, "size 0: a queue holds", unlimited.Len())
		}
		// part: end
		return nil
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
	serve := func(take func(*primitive.Queue[string])) func(context.Context) error {
		return func(ctx context.Context) error {
			q := primitive.NewQueue[string](10)
			var guest sync.WaitGroup
			var failed error
			guest.Go(func() {
				failed = site.Fetch(ctx)
				q.Put(ctx, "soup")
			})
			take(q)
			guest.Wait()
			return failed
		}
	}
	// Several cooks, and one order at a time: who has taken it puts
	// the next one. With a context that has ended Get does not wait.
	atOnce, cancel := context.WithCancel(ctx)
	cancel()
	var raced measure.Samples
	race := func(ctx context.Context) error {
		var q primitive.Queue[string]
		q.Put(ctx, "soup")
		var taken, late atomic.Int64
		var kitchen sync.WaitGroup
		for range cooks {
			kitchen.Go(func() {
				for taken.Load() < orders && ctx.Err() == nil {
					if q.Len() == 0 {
						continue
					}
					if _, err := q.Get(atOnce); err != nil {
						late.Add(1)
						continue
					}
					taken.Add(1)
					q.Put(ctx, "soup")
				}
			})
		}
		kitchen.Wait()
		raced.Add("late", float64(late.Load())*1000/orders)
		return context.Cause(ctx)
	}
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "asking", Run: serve(func(q *primitive.Queue[string]) {
			for q.Len() == 0 {
			}
			q.Get(ctx)
		})},
		measure.Variant{Name: "blocking", Run: serve(func(q *primitive.Queue[string]) { q.Get(ctx) })},
		measure.Variant{Name: "race", Run: race})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"url": site.URL, "cooks": cooks, "orders": theirOrders})

	judge := func(of notebook.Subject, samples, raced measure.Samples) {
		blocking, late := samples.Estimate("blocking/cpus"), raced.Estimate("late")
		lab.Show(string(of)+", asking over and over", "CPUs kept busy", samples.Estimate("asking/cpus"), 1)
		lab.Show(string(of)+", blocking", "CPUs kept busy", blocking, 0)
		lab.Show(fmt.Sprintf("%s, %d cooks", of, cooks), "too late, for 1,000 orders", late)
		lab.Judge("6.20", of, blocking.Decide("CPUs kept busy by blocking", 0, 1))
		lab.Judge("6.21", of, seen(raced, "late", "a cook heard that there is an order, and found none,"))
	}
	judge(notebook.CPython, twin, twin)
	judge(notebook.Go, went, raced)
	return nil
}
