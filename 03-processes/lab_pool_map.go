package main

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// halve is a task so small that what counts is the way to it.
var halve = procpool.Define("halve", func(n int) (int, error) { return n / 2, nil })

func compareChunks(ctx context.Context, lab *notebook.Lab) error {
	const calls, values, single, chunked = 2000, 20_000, 1000, 20_000
	lab.Predict("a message costs the same for one value as for many, so a value in a chunk of 64 costs little more than 1/64 of what it costs alone, and one in a larger chunk less")
	cpus := measure.UsableCPUs()
	pool, err := procpool.New(cpus)
	if err != nil {
		return err
	}
	defer pool.Close()
	numbers := make([]int, values)
	went, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"workers": cpus, "single": single, "chunked": chunked},
		measure.Variant{Name: "calls", Run: func(ctx context.Context) error {
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
		measure.Variant{Name: "map", Run: func(ctx context.Context) error {
			_, err := halve.Map(ctx, pool, numbers)
			return err
		}})
	if err != nil {
		return err
	}
	judgeChunks(lab, went.Estimate("calls").Times(1./calls), went.Estimate("map").Times(1./values),
		went.Ratio("map", "calls").Times(float64(calls)/values), theirs)
	return nil
}

func judgeChunks(lab *notebook.Lab, call, inMap, mapByCall measure.Estimate, theirs measure.Samples) {
	each := notebook.Time("time for a task that does nothing")
	lab.Headline(each, "A task that does nothing")
	for _, r := range []struct{ name, variant string }{
		{"CPython, executor.map, one by one", "executor"},
		{"CPython, imap, one by one", "imap, 1"},
		{"CPython, imap, chunks of 64", "imap, 64"},
		{"CPython, Pool.map, chunks of 64", "map, 64"},
		{"CPython, Pool.map, its own chunks", "map"},
	} {
		lab.Figure(each, r.name, theirs.Estimate(r.variant))
	}
	lab.Figure(each, "Go, Call, one by one", call)
	lab.Figure(each, "Go, Map, its own chunks", inMap)

	// "Much faster" is at least twice as fast.
	lab.Judge("3.6", notebook.CPython, theirs.Ratio("imap, 64", "imap, 1").Below("in chunks of 64 / one by one", 0.5))
	lab.Judge("3.6", notebook.Go, mapByCall.Below("Map / Call, for each task", 0.5))
	found := fmt.Sprintf("A task that does nothing takes %s one by one, and %s in chunks of 64. Pool.map, left to itself, makes larger chunks: %s.",
		theirs.Estimate("imap, 1").Seconds(), theirs.Estimate("imap, 64").Seconds(), theirs.Estimate("map").Seconds())
	lab.Answer("3.6", notebook.CPython, notebook.Wording{measure.Yes: found, measure.No: found})
	found = fmt.Sprintf("Such a task takes %s in a call of its own, and %s in procpool's Map.", call.Seconds(), inMap.Seconds())
	lab.Answer("3.6", notebook.Go, notebook.Wording{measure.Same: found, measure.Different: found})
}
