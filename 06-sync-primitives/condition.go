package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
	"concurrency-notebook/internal/workload"
)

// A counter is where a kitchen puts its dishes.
type counter struct {
	mu     sync.Mutex
	filled *sync.Cond // told when a dish comes
	dishes []string
}

func newCounter() *counter {
	c := new(counter)
	c.filled = sync.NewCond(&c.mu)
	return c
}

func (c *counter) put(dish string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dishes = append(c.dishes, dish)
	c.filled.Signal()
}

// take waits for a dish. Wait gives the lock back while it waits
// and has it again when it returns; then somebody else may have
// taken the dish, so the question is asked again: for, not if.
func (c *counter) take() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.dishes) == 0 {
		c.filled.Wait()
	}
	dish := c.dishes[0]
	c.dishes = c.dishes[1:]
	return dish
}

func condition(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(context.Context) error {
		start := time.Now()
		counter := newCounter()
		menu := []string{"soup", "cake", "tea"}

		var cook sync.WaitGroup
		cook.Go(func() {
			for _, dish := range menu {
				time.Sleep(time.Minute) // cooking
				counter.put(dish)
			}
		})
		for range menu {
			fmt.Fprintln(w, counter.take(), "served after", time.Since(start))
		}
		cook.Wait()
		return nil
	})
}

func compareWaiting(ctx context.Context, lab *notebook.Lab) error {
	const delay = 20 * time.Millisecond
	lab.Predict("a goroutine that asks over and over keeps 1 CPU busy while it waits, one that waits for the condition keeps 0")

	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	// The dish comes when the site has answered.
	serve := func(take func(*counter)) func(context.Context) error {
		return func(ctx context.Context) error {
			counter := newCounter()
			var cook sync.WaitGroup
			var failed error
			cook.Go(func() {
				failed = site.Fetch(ctx)
				counter.put("soup")
			})
			take(counter)
			cook.Wait()
			return failed
		}
	}
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "asking", Run: serve(func(c *counter) {
			for served := false; !served; {
				c.mu.Lock()
				served = len(c.dishes) > 0
				c.mu.Unlock()
			}
		})},
		measure.Variant{Name: "waiting", Run: serve(func(c *counter) { c.take() })})
	if err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"url": site.URL})

	judge := func(of notebook.Subject, samples measure.Samples) {
		waiting := samples.Estimate("waiting/cpus")
		lab.Show(string(of)+", asking over and over", "CPUs kept busy", samples.Estimate("asking/cpus"), 1)
		lab.Show(string(of)+", waiting", "CPUs kept busy", waiting, 0)
		lab.Judge("6.13", of, waiting.Decide("CPUs kept busy by waiting", 0, 1))
	}
	judge(notebook.CPython, twin)
	judge(notebook.Go, went)
	return nil
}
