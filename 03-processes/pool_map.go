package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// shareKettle returns how many ml each cook gets of a full kettle.
func shareKettle(cooks int) (ml int, err error) {
	if cooks < 0 {
		return 0, fmt.Errorf("there are no %d cooks", cooks)
	}
	return 1500 / cooks, nil
}

var shareInWorker = procpool.Define("share-kettle", shareKettle)

func poolMap(ctx context.Context, w io.Writer) error {
	pool, err := procpool.New(2)
	if err != nil {
		return err
	}
	defer pool.Close()

	// Whichever worker is done first, the results stand in the
	// order of the values.
	ml, err := shareInWorker.Map(ctx, pool, []int{1, 2, 3, 4})
	fmt.Fprintln(w, "each gets", ml, err)

	// An error comes back as its text, and names the value.
	_, err = shareInWorker.Map(ctx, pool, []int{1, 2, -3, 4})
	fmt.Fprintln(w, err)

	// A panic does not end the worker: it comes back as an error
	// too, with the stack that the worker had.
	_, err = shareInWorker.Map(ctx, pool, []int{1, 2, 3, 0})
	var failure *procpool.TaskError
	if errors.As(err, &failure) {
		fmt.Fprintln(w, "panic:", failure.Message)
		fmt.Fprintln(w, "in shareKettle:", strings.Contains(failure.Stack, "shareKettle"))
	}
	return nil
}

// halve is a task so small that what counts is the way to it.
var halve = procpool.Define("halve", func(n int) (int, error) { return n / 2, nil })

func compareChunks(ctx context.Context, lab *notebook.Lab) error {
	const calls, values, chunk = 2000, 20_000, 64
	lab.Predict("a message costs the same for one value as for many: in chunks of %d, a value costs CPython little more than 1/%d of what it costs alone; the chunks of Map are larger still", chunk, chunk)

	cpus := measure.Calibrate(ctx).Want
	pool, err := procpool.New(cpus)
	if err != nil {
		return err
	}
	defer pool.Close()
	numbers := make([]int, values)
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "alone", Run: func(ctx context.Context) error {
			group, ctx := errgroup.WithContext(ctx)
			group.SetLimit(cpus)
			for _, n := range numbers[:calls] {
				group.Go(func() error {
					_, err := halve.Call(ctx, pool, n)
					return err
				})
			}
			return group.Wait()
		}},
		measure.Variant{Name: "in chunks", Run: func(ctx context.Context) error {
			_, err := halve.Map(ctx, pool, numbers)
			return err
		}})
	if err != nil {
		return err
	}
	const tasks = 4000
	twin := lab.Twin(ctx, map[string]any{"workers": cpus, "tasks": tasks})

	const unit = "µs a task that does nothing"
	lab.Show("Go, one Call each", unit, went.Estimate("alone").Times(1e6/calls))
	lab.Show("Go, Map", unit, went.Estimate("in chunks").Times(1e6/values))
	lab.Show("CPython, Pool.map, chunksize 1", unit, twin.Estimate("chunksize 1").Times(1e6/tasks))
	lab.Show("CPython, Pool.map, chunksize 64", unit, twin.Estimate("chunksize 64").Times(1e6/tasks))

	// "Much faster" is at least twice as fast.
	lab.Judge("3.6", notebook.CPython, twin.Ratio("chunksize 64", "chunksize 1").Below("chunksize 64 / chunksize 1", 0.5))
	lab.Judge("3.6", notebook.Go, went.Ratio("in chunks", "alone").Times(float64(calls)/values).Below("Map / Call, for each task", 0.5))
	return nil
}
