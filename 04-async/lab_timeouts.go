package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func compareCancelling(ctx context.Context, lab *notebook.Lab) error {
	const many, few = 100, 10
	const waits, cleanup = 20 * time.Millisecond, 2 * time.Millisecond
	lab.Predict("%d tasks that wait for %v and are cancelled hear of it within one turn of the loop, clean up for %v and are gone; %d that swallow the cancellation and wait again take %[2]v more, and so do goroutines that don't look", many, waits, cleanup, few)
	var went measure.Samples
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"polite": many, "stubborn": few, "wait": waits.Seconds(), "cleanup": cleanup.Seconds()},
		measure.Variant{Name: "cancel", Run: func(ctx context.Context) error {
			cancelGoroutines(ctx, &went, many, waits)
			return nil
		}})
	if err != nil {
		return err
	}
	judgeCancelling(lab, went, theirs)
	return nil
}

// wait waits that long, or until the context ends.
func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// cancelGoroutines ends the context of so many goroutines that look at it while
// they wait, and of as many that don't.
func cancelGoroutines(ctx context.Context, samples *measure.Samples, n int, waits time.Duration) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var begun, looking, sleeping sync.WaitGroup
	var running atomic.Int64
	begun.Add(2 * n)
	running.Add(int64(n))
	for range n {
		looking.Go(func() {
			begun.Done()
			_ = wait(ctx, waits)
		})
		sleeping.Go(func() {
			begun.Done()
			time.Sleep(waits)
			running.Add(-1)
		})
	}
	begun.Wait()
	start := measure.WallTime()
	cancel()
	samples.Add("running", float64(running.Load())/float64(n))
	looking.Wait()
	samples.Add("looking", (measure.WallTime() - start).Seconds())
	sleeping.Wait()
	samples.Add("sleeping", (measure.WallTime() - start).Seconds())
}

func judgeCancelling(lab *notebook.Lab, went, theirs measure.Samples) {
	time := notebook.Time("time from the cancellation to the last one's end")
	lab.Headline(time, "Cancelled while they wait for 20 ms: when were they gone?")
	lab.Figure(time, "CPython, tasks that clean up for 2 ms", theirs.Estimate("polite"), 0.002)
	lab.Figure(time, "CPython, tasks that swallow it", theirs.Estimate("stubborn"), 0.02)
	lab.Figure(time, "Go, goroutines that look", went.Estimate("looking"), 0)
	lab.Figure(time, "Go, goroutines that don't look", went.Estimate("sleeping"), 0.02)

	lab.Judge("4.13", notebook.CPython, theirs.Estimate("heard").Above("share of 100 tasks that heard of it within one turn", 0.5).DespiteLoad(counted))
	lab.Judge("4.14", notebook.CPython, measure.All(
		theirs.Estimate("cleaned up").Above("share of 100 that cleaned up and ended as cancelled", 0.5),
		theirs.Estimate("denied").Above("share of 10 that swallowed it and ended without an error", 0.5)).DespiteLoad(counted))
	text := fmt.Sprintf("Cancelled tasks that clean up for 2 ms were gone after %s. Those that swallowed the cancellation went on for %s.",
		theirs.Estimate("polite").Seconds(), theirs.Estimate("stubborn").Seconds())
	lab.Answer("4.14", notebook.CPython, notebook.Wording{measure.Yes: text, measure.No: text})

	lab.Judge("4.15", notebook.Go, went.Estimate("running").Above("share of 100 goroutines still running when the CancelFunc had returned", 0.5).DespiteLoad("goroutines are counted, not timed"))
	text = fmt.Sprintf("To cancel is to close a channel. Goroutines that look at it were gone after %s, those that don't after %s.",
		went.Estimate("looking").Seconds(), went.Estimate("sleeping").Seconds())
	lab.Answer("4.15", notebook.Go, notebook.Wording{measure.Yes: text, measure.No: text})
}
