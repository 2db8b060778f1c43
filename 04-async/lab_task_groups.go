package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

var errBurnt = errors.New("the soup is burnt")

// An outcome is what becomes of those that run beside one that fails.
type outcome struct {
	mu                     sync.Mutex
	beside                 int // how many they are
	finished, cancelled    int
	running, left          int // when it failed; when the error had come
	began, told, lastEnded time.Duration
}

func (o *outcome) fail() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.running = o.beside - o.cancelled - o.finished
	return errBurnt
}

func (o *outcome) end(err error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.lastEnded = measure.WallTime(); err != nil {
		o.cancelled++
	} else {
		o.finished++
	}
	return err
}

func (o *outcome) tell() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.told, o.left = measure.WallTime(), o.beside-o.cancelled-o.finished
}

// addTo writes the outcome down, under the names that the twin uses too.
func (o *outcome) addTo(samples *measure.Samples, way string) {
	if o.running == 0 {
		return // this machine was too slow: nobody was left to be cancelled
	}
	samples.Add(way+", told", (o.told - o.began).Seconds())
	samples.Add(way+", ended", (o.lastEnded - o.began).Seconds())
	samples.Add(way+", cancelled", float64(o.cancelled)/float64(o.running))
	samples.Add(way+", left", float64(o.left)/float64(o.running))
}

func compareFailures(ctx context.Context, lab *notebook.Lab) error {
	const beside, fails, takes = 4, 8 * time.Millisecond, 24 * time.Millisecond
	lab.Predict("one of %d fails after %v, the others take %v: gather tells of it at once and cancels nobody; a TaskGroup cancels the others, and so ends at once; an errgroup ends as soon as its goroutines do", beside+1, fails, takes)
	var went measure.Samples
	inGroup := func(name string, group *errgroup.Group, cook func() error) error {
		o := &outcome{beside: beside, began: measure.WallTime()}
		group.Go(func() error {
			time.Sleep(fails)
			return o.fail()
		})
		for range beside {
			group.Go(func() error { return o.end(cook()) })
		}
		err := group.Wait()
		o.tell()
		o.addTo(&went, name)
		if !errors.Is(err, errBurnt) {
			return fmt.Errorf("%s: %w", name, errors.Join(err, ctx.Err()))
		}
		return nil
	}
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"beside": beside, "fails": fails.Seconds(), "takes": takes.Seconds()},
		measure.Variant{Name: "looking", Run: func(ctx context.Context) error {
			group, ctx := errgroup.WithContext(ctx)
			return inGroup("looking", group, func() error { return wait(ctx, takes) })
		}},
		measure.Variant{Name: "sleeping", Run: func(ctx context.Context) error {
			group, _ := errgroup.WithContext(ctx)
			return inGroup("sleeping", group, func() error {
				time.Sleep(takes)
				return nil
			})
		}})
	if err != nil {
		return err
	}
	judgeFailures(lab, went, theirs)
	return nil
}

const counted = "tasks are counted, not timed"

func judgeFailures(lab *notebook.Lab, went, theirs measure.Samples) {
	ended, told := notebook.Time("time until the last one had ended"), notebook.Time("time until the error came")
	lab.Headline(ended, "One fails after 8 ms, the others take 24 ms: when was the last one gone?")
	for _, row := range []struct {
		name, way    string
		samples      measure.Samples
		ended, error float64
	}{
		{"CPython, gather", "gather", theirs, 0.024, 0.008},
		{"CPython, TaskGroup", "group", theirs, 0.008, 0.008},
		{"Go, errgroup, goroutines that look", "looking", went, 0.008, 0.008},
		{"Go, errgroup, goroutines that don't", "sleeping", went, 0.024, 0.024},
	} {
		lab.Figure(ended, row.name, row.samples.Estimate(row.way+", ended"), row.ended)
		lab.Figure(told, row.name, row.samples.Estimate(row.way+", told"), row.error)
	}

	lab.Judge("4.11", notebook.CPython, theirs.Estimate("gather, cancelled").Below("share that gather cancelled", 0.5).DespiteLoad(counted))
	group := measure.All(
		theirs.Estimate("group, cancelled").Above("share that a TaskGroup cancelled", 0.5),
		theirs.Estimate("group, left").Below("share still running when it had ended", 0.5)).DespiteLoad(counted)
	if theirs.Estimate("gather, told").N > 0 && theirs.Estimate("group, told").N == 0 {
		group = measure.Cannot("TaskGroup came with Python 3.11")
	}
	lab.Judge("4.12", notebook.CPython, group)
	text := fmt.Sprintf("A TaskGroup was over after %s, and so were its tasks. After gather, the last one ran until %s.",
		theirs.Estimate("group, told").Seconds(), theirs.Estimate("gather, ended").Seconds())
	lab.Answer("4.12", notebook.CPython, notebook.Wording{measure.Yes: text, measure.No: text})

	lab.Judge("4.16", notebook.Go, measure.All(
		went.Estimate("looking, left").Below("share of goroutines still running when Wait had returned", 0.5),
		went.Estimate("sleeping, left").Below("share of goroutines that don't look, still running", 0.5)).DespiteLoad("goroutines are counted, not timed"))
	text = fmt.Sprintf("An errgroup's Wait returned after %s if its goroutines look at their context, and after %s if they don't.",
		went.Estimate("looking, told").Seconds(), went.Estimate("sleeping, told").Seconds())
	lab.Answer("4.16", notebook.Go, notebook.Wording{measure.Yes: text, measure.No: text})
}
