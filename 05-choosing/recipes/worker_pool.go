package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"sync"
)

type failure struct {
	job int
	err error
}

// processAll lets n workers take the jobs. It returns those that
// failed. When ctx ends, the workers finish the jobs at hand.
func processAll(
	ctx context.Context, n int, jobs iter.Seq[int],
	handle func(int) error,
) (done int, failed []failure, err error) {
	queue := make(chan int)
	var lock sync.Mutex
	var workers sync.WaitGroup
	for range n {
		workers.Go(func() {
			for job := range queue {
				err := handle(job)
				lock.Lock()
				if done++; err != nil {
					failed = append(failed, failure{job, err})
				}
				lock.Unlock()
			}
		})
	}
feeding:
	for job := range jobs {
		if ctx.Err() != nil {
			break
		}
		select {
		case queue <- job: // waits while all workers are busy
		case <-ctx.Done():
			break feeding
		}
	}
	close(queue) // no more will come
	workers.Wait()
	return done - len(failed), failed, context.Cause(ctx)
}

func workerPool(ctx context.Context, w io.Writer) error {
	handle := func(job int) error {
		if job == 4 {
			return errors.New("it's broken")
		}
		return nil
	}
	jobs := slices.Values([]int{1, 2, 3, 4, 5, 6})
	done, failed, err := processAll(ctx, 3, jobs, handle)
	for _, f := range failed {
		fmt.Fprintf(w, "job %d: %v\n", f.job, f.err)
	}
	fmt.Fprintln(w, "done:", done, "of 6")
	return err
}
