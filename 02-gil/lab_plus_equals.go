package main

import (
	"context"
	"fmt"
	"sync/atomic"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

const sales = 500_000 // of each of two threads

func countLostUpdates(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("if the GIL made += safe, none of %s updates would be lost; if a switch can come between the reading and the writing, some are", measure.Number(2*sales))
	var lost measure.Samples
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"times": sales}, measure.Variant{Name: "goroutines", Run: func(context.Context) error {
		const more = 4 // they are quick
		var sold atomic.Int64
		inGoroutines(2, func() { sell(&sold, more*sales, func() int64 { return 1 }) })
		lost.Add("lost", float64(2*more*sales-sold.Load())/more)
		return nil
	}})
	if err != nil {
		return err
	}
	judgePlusEquals(lab, lost, theirs)
	return nil
}

func judgePlusEquals(lab *notebook.Lab, lost, theirs measure.Samples) {
	unit := notebook.Unit{Name: fmt.Sprintf("updates lost, of %s", measure.Number(2*sales)), Say: measure.Count}
	lab.Figure(unit, "CPython, tickets.sold += one()", theirs.Estimate("+= one()"))
	lab.Figure(unit, "CPython, tickets.sold += 1", theirs.Estimate("+= 1"))
	lab.Figure(unit, "Go, read and write", lost.Estimate("lost"))
	lab.Judge("2.12", notebook.CPython, theirs.Never("updates were lost by += one()", "+= one()"))
	lab.Judge("2.12", notebook.Go, lost.Never("updates were lost without a lock", "lost").Means(measure.Different, measure.Same))
	lab.Answer("2.12", notebook.CPython, notebook.Wording{
		measure.No: fmt.Sprintf("Of %s updates by two threads, %s were lost.", measure.Number(2*sales), measure.Count(theirs.Estimate("+= one()").Median)),
	})
	lab.Answer("2.12", notebook.Go, notebook.Wording{
		measure.Same: fmt.Sprintf("Of as many updates by two goroutines, %s were lost.", measure.Count(lost.Estimate("lost").Median)),
	})
}
