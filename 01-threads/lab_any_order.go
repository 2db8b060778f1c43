package main

import (
	"context"
	"fmt"
	"slices"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func countOrders(ctx context.Context, lab *notebook.Lab) error {
	const starts = 100 // in each round
	lab.Predict("four threads that run independently of each other can finish in 24 orders; more than one of them comes up")
	dishes := []string{"cake", "rice", "soup", "tea"}
	var found measure.Samples
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"dishes": dishes, "starts": starts}, measure.Variant{Name: "start", Run: func(context.Context) error {
		for range starts {
			order := 0.0 // 1324, say
			for _, dish := range finishingOrder(dishes) {
				order = 10*order + float64(1+slices.Index(dishes, dish))
			}
			found.Add("order", order)
		}
		return nil
	}})
	if err != nil {
		return err
	}
	judgeOrders(lab, found, theirs)
	return nil
}

func judgeOrders(lab *notebook.Lab, found, theirs measure.Samples) {
	judge := func(of notebook.Subject, s measure.Samples, yes measure.Answer, units string) {
		orders, starts := s.Distinct("order"), s.Estimate("order").N
		verdict := measure.Cannot("%s", s.Estimate("order").Missing)
		switch {
		case orders > 1:
			verdict = measure.Fact(true, "%s starts of four %s ended in %d different orders", measure.Count(float64(starts)), units, orders).Means(yes, yes)
		case starts > 0:
			verdict = measure.Cannot("%s starts of four %s ended in one order, which proves nothing", measure.Count(float64(starts)), units)
		}
		came := fmt.Sprintf("%d of the 24 possible orders came up", orders)
		if orders == 24 {
			came = "each of the 24 possible orders came up"
		}
		lab.Judge("S6", of, verdict)
		lab.Answer("S6", of, notebook.Wording{
			yes: fmt.Sprintf("When we let four %s go at the same signal, %s times, %s.", units, measure.Count(float64(starts)), came),
		})
	}
	judge(notebook.CPython, theirs, measure.Yes, "threads")
	judge(notebook.Go, found, measure.Same, "goroutines")
}
