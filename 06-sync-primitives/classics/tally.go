package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/timeline"
)

// outcomes plays the solutions by a schedule, and prints what is wrong with each
// or, where nothing is, the words for that.
func outcomes(ctx context.Context, w io.Writer, by schedule, solutions []solution, right string) error {
	for _, s := range solutions {
		p, err := perform(ctx, by, s)
		if err != nil {
			return err
		}
		outcome := right
		if err := p.fault(s); err != nil {
			outcome = err.Error()
		}
		fmt.Fprintf(w, "%s: %s\n", s.name, outcome)
	}
	return nil
}

const schedules = 1000

// tally plays each solution in a thousand schedules, and returns how many of
// them went wrong. It shows these numbers, with what was predicted for those
// solutions for which anything was.
func tally(ctx context.Context, lab *notebook.Lab, solutions []solution, predicted ...float64) ([]int, error) {
	failed := make([]int, len(solutions))
	for i, s := range solutions {
		for seed := range uint64(schedules) {
			p, err := perform(ctx, shuffled(seed), s)
			if err != nil {
				return nil, fmt.Errorf("%s, schedule %d: %w", s.name, seed, err)
			}
			if p.fault(s) != nil {
				failed[i]++
			}
		}
		var expected []float64
		if i < len(predicted) {
			expected = predicted[i : i+1]
		}
		lab.Show(s.name, "of 1,000 schedules went wrong", measure.EstimateOf([]float64{float64(failed[i])}), expected...)
	}
	return failed, nil
}

func sum(numbers []int) (total int) {
	for _, n := range numbers {
		total += n
	}
	return total
}

// lanes returns who did what when. Who never went on waits until the end.
func (p *play) lanes(end time.Duration) []timeline.Lane {
	spans := make(map[string][]timeline.Span)
	open := make(map[string]event)
	for _, e := range p.log {
		switch e.kind {
		case begun:
			open[e.who] = e
		case ended:
			if start := open[e.who].at; start < e.at { // else it did not have to wait
				spans[e.who] = append(spans[e.who], timeline.Span{Label: e.what, Start: start, End: e.at})
			}
			delete(open, e.who)
		}
	}
	for who, e := range open {
		spans[who] = append(spans[who], timeline.Span{Label: e.what, Start: e.at, End: end})
	}
	var lanes []timeline.Lane
	for _, who := range slices.Sorted(maps.Keys(spans)) {
		lanes = append(lanes, timeline.Lane{Name: who, Spans: spans[who]})
	}
	return lanes
}
