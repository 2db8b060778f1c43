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
	return task
}

var workElsewhere = procpool.Define("work", func(task int) (int, error) {
	return work(task), nil
})

// inOneProcess is a program of its own. It says how many it has done.
var inOneProcess = again.Define("all-in-one", func(_ string) error {
	var wg sync.WaitGroup
	for task := range allTasks {
		wg.Go(func() { work(task) })
	}
	wg.Wait()
	return again.Say(allTasks)
})

func crash(ctx context.Context, w io.Writer) error {
	done, _ := again.Run[int](ctx, inOneProcess, "") // it dies
	fmt.Fprintln(w, "all in one process: ", done, "of 10 done")

	pool, err := procpool.New(2)
	if err != nil {
		return err
	}
	defer pool.Close()
	var several atomic.Int64
	var wg sync.WaitGroup
	for task := range allTasks {
		wg.Go(func() {
			if _, err := workElsewhere.Call(ctx, pool, task); err == nil {
				several.Add(1)
			}
		})
	}
	wg.Wait()
	fmt.Fprintln(w, "in worker processes:", several.Load(), "of 10 done")
	return nil
}
