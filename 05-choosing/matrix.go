package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/04-async/eventloop"
)

func inGoroutines(ctx context.Context, tasks []task) ([]int, error) {
	results := make([]int, len(tasks))
	group, ctx := errgroup.WithContext(ctx)
	for i, t := range tasks {
		group.Go(func() (err error) {
			results[i], err = t.run(ctx)
			return err
		})
	}
	return results, group.Wait()
}

func inEventLoop(ctx context.Context, tasks []task) ([]int, error) {
	results := make([]int, len(tasks))
	err := eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
		return eventloop.InGroup(co, func(g *eventloop.Group) error {
			for i, t := range tasks {
				g.Go(func(co *eventloop.Coroutine) (err error) {
					results[i], err = t.await(co) // run, for coroutines
					return err
				})
			}
			return nil
		})
	})
	return results, err
}

func matrix(ctx context.Context, w io.Writer) error {
	tasks := []task{{Primes: 1000}, {Primes: 2000}, {Primes: 3000}}
	threads, err1 := inGoroutines(ctx, tasks)
	pool, err := procpool.New(2)
	if err != nil {
		return err
	}
	defer pool.Close()
	processes, err2 := runElsewhere.Map(ctx, pool, tasks)
	loop, err3 := inEventLoop(ctx, tasks)
	fmt.Fprintln(w, sum(threads), "primes in threads,", sum(processes), "in processes,",
		sum(loop), "in an event loop")
	return errors.Join(err1, err2, err3)
}

func sum(numbers []int) (total int) {
	for _, n := range numbers {
		total += n
	}
	return total
}
