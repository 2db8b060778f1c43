package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/notebook"
)

func withoutWaiting(p *play) {
	p.enter("Tony", func(a *actor) { a.says("clear the table") })
	p.enter("Grace", func(a *actor) { a.says("serve the soup") })
	p.enter("Ada", func(a *actor) { a.says("lay the table") })
}

func withTwoEvents(p *play) {
	var laid, served primitive.Event
	p.enter("Tony", func(a *actor) {
		a.await(served.Wait)
		a.says("clear the table")
	})
	p.enter("Grace", func(a *actor) {
		a.await(laid.Wait)
		a.says("serve the soup")
		served.Set()
	})
	p.enter("Ada", func(a *actor) {
		a.says("lay the table")
		laid.Set()
	})
}

// inOrder: the table is laid, the soup served, the table cleared.
func inOrder(log []event) error {
	want := []string{"lay the table", "serve the soup", "clear the table"}
	if got := spoken(log); !slices.Equal(got, want) {
		return fmt.Errorf("out of order: %s", strings.Join(got, ", "))
	}
	return nil
}

// spoken returns what was said.
func spoken(log []event) (words []string) {
	for _, e := range log {
		if e.kind == said {
			words = append(words, e.what)
		}
	}
	return words
}

var lunches = []solution{
	{name: "without waiting", wrong: true, play: withoutWaiting, rule: inOrder},
	{name: "with two events", play: withTwoEvents, rule: inOrder},
}

func countOrders(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("three can speak in 3 · 2 · 1 = 6 orders, and 5 of them are wrong: without waiting, 5/6 of 1,000 schedules, which is 833; with two events, none")
	return trial{claim: "6.60", solutions: lunches, predicted: []float64{schedules * 5.0 / 6},
		found: "Left alone, they acted in a wrong order in %s of 1,000 simulated schedules. With an event between each two: in %s."}.run(ctx, lab)
}
