package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

const slowRequests = 5

func compareGroups(ctx context.Context, lab *notebook.Lab) error {
	const fast, slow = 2 * time.Millisecond, 40 * time.Millisecond
	lab.Predict("one of %d fails after %v, the others take %v: a group that cancels them ends after %v, a pool that lets them run after %v", slowRequests+1, fast, slow, fast, slow)
	quick, err := workload.Serve(fast)
	if err != nil {
		return err
	}
	defer quick.Close()
	lazy, err := workload.Serve(slow)
	if err != nil {
		return err
	}
	defer lazy.Close()
	var counted measure.Samples
	run := func(name string, fails error) measure.Variant {
		return measure.Variant{Name: name, Run: func(ctx context.Context) error {
			var done atomic.Int64
			group, ctx := errgroup.WithContext(ctx)
			for range slowRequests {
				group.Go(func() error {
					err := lazy.Fetch(ctx)
					if err == nil {
						done.Add(1)
					}
					return err
				})
			}
			group.Go(func() error { return errors.Join(quick.Fetch(ctx), fails) })
			err := group.Wait()
			counted.Add("completed, "+name, float64(done.Load()))
			counted.Add("alive, "+name, measure.Truth(ctx.Err() == nil))
			if errors.Is(err, fails) {
				return nil
			}
			return err
		}}
	}
	went, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"quick": quick.URL, "lazy": lazy.URL, "requests": slowRequests},
		run("fails", errBurnt), run("well", nil))
	if err != nil {
		return err
	}
	judgeGroups(lab, went.With(counted), theirs)
	return nil
}

func judgeGroups(lab *notebook.Lab, went, theirs measure.Samples) {
	took := notebook.Time(fmt.Sprintf("time until %d requests have ended", slowRequests+1))
	ended := notebook.Unit{Name: fmt.Sprintf("ran to their end, of %d, though one had failed", slowRequests), Say: measure.Count}
	lab.Headline(took, "Six requests of 40 ms, one of which fails after 2 ms")
	lab.Figure(took, "CPython, ThreadPoolExecutor, all is well", theirs.Estimate("well"), 0.04)
	lab.Figure(took, "CPython, ThreadPoolExecutor, one fails", theirs.Estimate("fails"), 0.04)
	lab.Figure(took, "CPython, TaskGroup, all is well", theirs.Estimate("tasks, well"), 0.04)
	lab.Figure(took, "CPython, TaskGroup, one fails", theirs.Estimate("tasks, fails"), 0.002)
	lab.Figure(took, "Go, errgroup, all is well", went.Estimate("well"), 0.04)
	lab.Figure(took, "Go, errgroup, one fails", went.Estimate("fails"), 0.002)
	lab.Figure(ended, "CPython, ThreadPoolExecutor", theirs.Estimate("completed"), slowRequests)
	lab.Figure(ended, "CPython, TaskGroup", theirs.Estimate("tasks completed"), 0)
	lab.Figure(ended, "Go, errgroup", went.Estimate("completed, fails"), 0)

	lab.Judge("6.30", notebook.CPython, inEvery(theirs, "cancelled", "cancel() was called on %d that were running, and cancelled none,", slowRequests))
	text := fmt.Sprintf("One of six threads failed early, and `cancel()` stopped %s of the %d that were running: the pool took %s, as without an error.",
		noneOr(theirs.Estimate("cancelled")), slowRequests, theirs.Estimate("fails").Seconds())
	if group := theirs.Estimate("tasks, fails"); group.N > 0 {
		text += fmt.Sprintf(" An asyncio `TaskGroup` ended after %s, and %s of its 5 other tasks ran to their end.", group.Seconds(), noneOr(theirs.Estimate("tasks completed")))
	}
	lab.Answer("6.30", notebook.CPython, notebook.Wording{
		measure.Yes: text,
		measure.No:  fmt.Sprintf("`cancel()` stopped %s of %d that were running.", noneOr(theirs.Estimate("cancelled")), slowRequests),
	})

	alive, n := went.Count("alive, fails")
	aliveWell, _ := went.Count("alive, well")
	lab.Judge("6.29", notebook.Go, measure.All(went.Ratio("fails", "well").Decide("with an error / without", 0.05, 1),
		measure.Fact(alive+aliveWell == 0, "after Wait, with an error or without, %d of %d contexts had not ended", alive+aliveWell, 2*n)))
	text = fmt.Sprintf("With an error the group ended after %s, and %s of the %d others ran to their end. Without one it takes %s.",
		went.Estimate("fails").Seconds(), noneOr(went.Estimate("completed, fails")), slowRequests, went.Estimate("well").Seconds())
	lab.Answer("6.29", notebook.Go, notebook.Wording{measure.Yes: text, measure.No: text})
}
