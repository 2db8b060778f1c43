package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/again"
)

const allTasks = 10

func work(task int) int {
	if task == 4 {
		os.Exit(1) // as after a bug in C code, or when memory is out
	}
	return task * task
}

var workElsewhere = procpool.Define("work", func(task int) (int, error) {
	return work(task), nil
})

// inOneProcess is a program of its own. At its end it tells all results.
var inOneProcess = again.Define("all-in-one", func(_ string) error {
	results := make([]int, allTasks)
	var wg sync.WaitGroup
	for task := range allTasks {
		wg.Go(func() { results[task] = work(task) })
	}
	wg.Wait()
	return again.Say(results)
})

func crash(ctx context.Context, w io.Writer) error {
	results, _ := again.Run[[]int](ctx, inOneProcess, "") // it dies
	fmt.Fprintln(w, "all in one process:", len(results), "of 10 results")

	pool, err := procpool.New(2)
	if err != nil {
		return err
	}
	defer pool.Close()
	var count atomic.Int64
	var wg sync.WaitGroup
	for task := range allTasks {
		wg.Go(func() {
			if _, err := workElsewhere.Call(ctx, pool, task); err == nil {
				count.Add(1)
			}
		})
	}
	wg.Wait()
	fmt.Fprintln(w, "in a process each: ", count.Load(), "of 10 results")
	return nil
}
