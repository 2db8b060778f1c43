package main

import (
	"context"
	"fmt"
	"io"
	"sync"
)

type outcome struct {
	job int
	err error
}

// startWorkers starts workers. They end when the jobs have ended: when
// that channel is closed and empty. After them, the outcomes end.
func startWorkers(
	n int, jobs <-chan int, handle func(int) error,
) <-chan outcome {
	outcomes := make(chan outcome)
	var workers sync.WaitGroup
	for range n {
		workers.Go(func() {
			for job := range jobs {
				outcomes <- outcome{job, handle(job)}
			}
		})
	}
	go func() { workers.Wait(); close(outcomes) }()
	return outcomes
}

func workerPool(_ context.Context, w io.Writer) error {
	jobs := make(chan int)
	outcomes := startWorkers(3, jobs, func(job int) error {
		if job == 4 {
			return fmt.Errorf("job %d is broken", job)
		}
		return nil
	})
	go func() {
		defer close(jobs) // no more will come
		for job := range 6 {
			jobs <- job + 1 // waits while all workers are busy
		}
	}()
	done := 0
	for o := range outcomes {
		if o.err != nil {
			fmt.Fprintln(w, "failed:", o.err)
		} else {
			done++
		}
	}
	fmt.Fprintln(w, "done:", done, "of 6")
	return nil
}
