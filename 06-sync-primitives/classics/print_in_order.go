package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/measure"
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

func printInOrder(ctx context.Context, w io.Writer) error {
	for _, s := range lunches {
		p, err := perform(ctx, inTurn, s)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: %s\n", s.name, strings.Join(spoken(p.log), ", "))
	}
	return nil
}

func countOrders(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("three can speak in 3 · 2 · 1 = 6 orders, and 5 of them are wrong: without waiting, 5/6 of 1,000 schedules, which is 833; with two events, none")
	wrong, err := tally(ctx, lab, lunches, schedules*5.0/6, 0)
	if err != nil {
		return err
	}
	lab.Judge("6.60", notebook.Go, measure.Fact(wrong[0] > 0 && wrong[1] == 0, "out of order in %d without waiting, in %d with events", wrong[0], wrong[1]))
	return nil
}
