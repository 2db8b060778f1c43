package main

import (
	"context"
	"fmt"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func countOrders(ctx context.Context, lab *notebook.Lab) error {
	const starts = 40
	lab.Predict("four threads that are scheduled independently of each other can finish in 24 orders, and in %d starts more than one of them comes up", starts)
	dishes := []string{"cake", "rice", "soup", "tea"}
	var found measure.Samples
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"starts": starts}, measure.Variant{Name: "start", Run: func(context.Context) error {
		orders := make(map[string]bool)
		for range starts {
			orders[finishingOrder(dishes)] = true
		}
		found.Add("orders", float64(len(orders)))
		return nil
	}})
	if err != nil {
		return err
	}
	judgeOrders(lab, found, theirs)
	return nil
}

func judgeOrders(lab *notebook.Lab, found, theirs measure.Samples) {
	unit := notebook.Unit{Name: "orders in which four finished, of 24", Say: measure.Count}
	lab.Figure(unit, "CPython, threads", theirs.Estimate("orders"))
	lab.Figure(unit, "Go, goroutines", found.Estimate("orders"))
	judge := func(of notebook.Subject, e measure.Estimate, yes, no measure.Answer, units string) {
		// One order proves nothing: it may have been chance.
		verdict := measure.Cannot("all starts ended in one order, which proves nothing")
		switch {
		case e.N == 0:
			verdict = measure.Cannot("%s", e.Missing)
		case e.High > 1:
			verdict = measure.Fact(true, "40 starts of four %s ended in %s different orders", units, measure.Count(e.Median))
		}
		lab.Judge("S6", of, verdict.Means(yes, no))
		lab.Answer("S6", of, notebook.Wording{
			yes: fmt.Sprintf("Four %s, started 40 times, finished in %s different orders: each runs when the system lets it.", units, measure.Count(e.Median)),
		})
	}
	judge(notebook.CPython, theirs.Estimate("orders"), measure.Yes, measure.No, "threads")
	judge(notebook.Go, found.Estimate("orders"), measure.Same, measure.Different, "goroutines")
}
