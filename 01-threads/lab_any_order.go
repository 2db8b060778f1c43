package main

import (
	"context"
	"fmt"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func countOrders(ctx context.Context, lab *notebook.Lab) error {
	const starts = 100
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
	judge := func(of notebook.Subject, s measure.Samples, yes measure.Answer, units string) {
		seen := s.Estimate("orders")
		most := measure.Count(s.Max("orders"))
		verdict := measure.Cannot("all starts ended in one order, which proves nothing")
		switch {
		case seen.N == 0:
			verdict = measure.Cannot("%s", seen.Missing)
		case s.Max("orders") > 1:
			verdict = measure.Fact(true, "100 starts of four %s ended in up to %s different orders", units, most).Means(yes, yes)
		}
		lab.Judge("S6", of, verdict)
		lab.Answer("S6", of, notebook.Wording{
			yes: fmt.Sprintf("Four %s, started together a hundred times, finished in up to %s different orders: each runs when it gets its turn.", units, most),
		})
	}
	judge(notebook.CPython, theirs, measure.Yes, "threads")
	judge(notebook.Go, found, measure.Same, "goroutines")
}
