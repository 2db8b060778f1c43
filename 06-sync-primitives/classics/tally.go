package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/timeline"
)

// stories plays the solutions by a schedule, and prints what each log tells. It
// is an error if somebody is stuck.
func stories(ctx context.Context, w io.Writer, by schedule, solutions []solution, tell func(log []event) string) error {
	return retell(ctx, w, by, solutions, func(p *play, s solution) (string, error) {
		if len(p.stuck) > 0 {
			return "", fmt.Errorf("%s: %w", s.name, p.fault(s))
		}
		return tell(p.log), nil
	})
}

func retell(ctx context.Context, w io.Writer, by schedule, solutions []solution, tell func(p *play, s solution) (string, error)) error {
	for _, s := range solutions {
		p, err := perform(ctx, by, s)
		if err != nil {
			return err
		}
		told, err := tell(p, s)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: %s\n", s.name, told)
	}
	return nil
}

const (
	schedules = 1000
	nearlyAll = 900 // of them; a claim that says so means more
)

// A trial plays each solution in a thousand schedules. The claim holds if no
// right solution goes wrong in any of them, and each wrong one in some.
type trial struct {
	claim     string
	solutions []solution
	moreThan  int       // that many in which each wrong one goes wrong
	predicted []float64 // in how many, for those first ones that there is a number for

	// found is the answer, in a format for the number of each wrong solution,
	// in their order, and one for all right ones.
	found string
}

// run shows in how many schedules each solution went wrong, and judges the claim.
func (t trial) run(ctx context.Context, lab *notebook.Lab) error {
	failed := make([]int, len(t.solutions))
	for i, s := range t.solutions {
		for seed := range uint64(schedules) {
			p, err := perform(ctx, shuffled(seed), s)
			if err != nil {
				return fmt.Errorf("%s, schedule %d: %w", s.name, seed, err)
			}
			if p.fault(s) != nil {
				failed[i]++
			}
		}
	}
	t.judge(lab, failed)
	return nil
}

func (t trial) judge(lab *notebook.Lab, failed []int) {
	holds := true
	var evidence []string
	var numbers []any
	cured := 0 // the most of a right one
	for i, s := range t.solutions {
		var expected []float64
		switch {
		case !s.wrong:
			expected = []float64{0}
			cured = max(cured, failed[i])
			holds = holds && failed[i] == 0
		case i < len(t.predicted):
			expected = t.predicted[i : i+1]
			fallthrough
		default:
			holds = holds && failed[i] > t.moreThan
		}
		lab.Show(s.name, "schedules of 1,000 that went wrong", measure.EstimateOf([]float64{float64(failed[i])}), expected...)
		if s.wrong {
			numbers = append(numbers, orNone(failed[i]))
		}
		evidence = append(evidence, fmt.Sprintf("%s: %s", s.name, measure.Count(float64(failed[i]))))
	}
	lab.Judge(t.claim, notebook.Go, measure.Fact(holds, "schedules of 1,000 that went wrong: %s", strings.Join(evidence, "; ")))
	most := orNone(cured)
	if cured > 0 {
		most = "up to " + most
	}
	said := fmt.Sprintf(t.found, append(numbers, most)...)
	lab.Tell(t.claim, notebook.Go, notebook.Wording{measure.Yes: said, measure.No: said})
}

func orNone(n int) string {
	if n == 0 {
		return "none"
	}
	return measure.Count(float64(n))
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
