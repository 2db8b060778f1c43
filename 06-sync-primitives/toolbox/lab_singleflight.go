package main

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

const hungry = 50

func compareFlights(ctx context.Context, lab *notebook.Lab) error {
	const delay = 10 * time.Millisecond
	lab.Predict("%d ask at once for a price that isn't in the cache: without singleflight each of them makes a request, with it one does", hungry)
	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	var went measure.Samples
	way := func(name string, ask func(*prices, context.Context, string) (any, error)) measure.Variant {
		return measure.Variant{Name: name, Run: func(ctx context.Context) error {
			before := site.Asked()
			p := prices{looked: func() {}, fetch: func(string) (int, error) { return 5, site.Fetch(ctx) }}
			var guests errgroup.Group
			for range hungry {
				guests.Go(func() error {
					_, err := ask(&p, ctx, "soup")
					return err
				})
			}
			err := guests.Wait()
			requests := float64(site.Asked() - before)
			went.Add(name, requests)
			went.Add("not one, "+name, requests-1)
			return err
		}}
	}
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"url": site.URL, "guests": hungry},
		way("stampede", (*prices).lookOrFetch), way("flight", (*prices).price))
	if err != nil {
		return err
	}
	judgeFlights(lab, went, theirs)
	return nil
}

func judgeFlights(lab *notebook.Lab, went, theirs measure.Samples) {
	unit := notebook.Unit{Name: fmt.Sprintf("requests, where %d ask", hungry), Say: measure.Count}
	lab.Figure(unit, "CPython, a cache", theirs.Estimate("stampede"), hungry)
	lab.Figure(unit, "CPython, a Future for each flight", theirs.Estimate("flight"), 1)
	lab.Figure(unit, "Go, a cache", went.Estimate("stampede"), hungry)
	lab.Figure(unit, "Go, singleflight", went.Estimate("flight"), 1)
	if many, rounds := went.Count("not one, stampede"); many < rounds { // nobody came while a request was on its way
		lab.Judge("6.31", notebook.Go, measure.Cannot("without singleflight, too, there was 1 request in %d of %d rounds", rounds-many, rounds))
	} else {
		lab.Judge("6.31", notebook.Go, inEvery(went, "not one, flight", "%d asked, and there was 1 request", hungry))
	}
	text := fmt.Sprintf("Fifty asked at once. With a plain cache %s of them made a request, with singleflight %s.",
		measure.Count(went.Estimate("stampede").Median), measure.Count(went.Estimate("flight").Median))
	if theirs.Estimate("flight").N > 0 {
		text += fmt.Sprintf(" In Python, with a plain cache %s of fifty threads made one, with a `Future` %s.",
			measure.Count(theirs.Estimate("stampede").Median), measure.Count(theirs.Estimate("flight").Median))
	}
	lab.Answer("6.31", notebook.Go, notebook.Wording{measure.Yes: text, measure.No: text})
}
