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
	"concurrency-notebook/internal/workload"
)

const askers = 20

func compareOnce(ctx context.Context, lab *notebook.Lab) error {
	const delay = 5 * time.Millisecond
	lab.Predict("%d ask at once for what one request can tell: sync.OnceValue makes 1, and functools.cache up to %d, since it stores a result but doesn't make anybody wait for one that is on its way", askers, askers)
	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	var went measure.Samples
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"url": site.URL, "guests": askers}, measure.Variant{Name: "once", Run: func(ctx context.Context) error {
		before := site.Asked()
		menu := sync.OnceValue(func() error { return site.Fetch(ctx) })
		var group errgroup.Group
		for range askers {
			group.Go(menu)
		}
		err := group.Wait()
		asked := float64(site.Asked() - before)
		went.Add("once", asked)
		went.Add("not once", asked-1)
		went.Add("tries", float64(triesAfterError()))
		return err
	}})
	if err != nil {
		return err
	}
	judgeOnce(lab, went, theirs)
	return nil
}

// triesAfterError calls a function that fails the first time until it has been
// called twice, and returns how often it was tried.
func triesAfterError() (tries int) {
	kettle := sync.OnceValue(func() error {
		if tries++; tries == 1 {
			return errors.New("no water")
		}
		return nil
	})
	for range 2 {
		kettle()
	}
	return tries
}

func judgeOnce(lab *notebook.Lab, went, theirs measure.Samples) {
	unit := notebook.Unit{Name: fmt.Sprintf("requests, where %d ask", askers), Say: measure.Count}
	lab.Figure(unit, "CPython, functools.cache", theirs.Estimate("cache"), askers)
	lab.Figure(unit, "CPython, functools.cache under a lock", theirs.Estimate("lock"), 1)
	lab.Figure(unit, "Go, sync.OnceValue", went.Estimate("once"), 1)
	tries := notebook.Unit{Name: "tries, where the first fails and two ask", Say: measure.Count}
	lab.Figure(tries, "CPython, functools.cache under a lock", theirs.Estimate("tries"))
	lab.Figure(tries, "Go, sync.OnceValue", went.Estimate("tries"))

	lab.Judge("6.28", notebook.CPython, seen(theirs, "again", "the cached function was called again before its first call had ended,"))
	lab.Answer("6.28", notebook.CPython, notebook.Wording{measure.Yes: fmt.Sprintf(
		"When %d threads asked at once, a function under `functools.cache` ran %s times. With a lock around the call it ran %s.",
		askers, measure.Count(theirs.Estimate("cache").Median), times(theirs.Estimate("lock")))})
	lab.Judge("6.27", notebook.Go, inEvery(went, "not once", "%d asked, and the site had 1 request,", askers))
	text := fmt.Sprintf("When %d goroutines asked at once, a `sync.OnceValue` ran %s.", askers, times(went.Estimate("once")))
	lab.Answer("6.27", notebook.Go, notebook.Wording{measure.Yes: text, measure.No: text})
}

// times says how often: "once", "3 times".
func times(e measure.Estimate) string {
	if e.Median == 1 {
		return "once"
	}
	return measure.Count(e.Median) + " times"
}
