package main

import (
	"context"
	"fmt"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func compareMemories(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("what a worker changes, and that it crashes, leaves the process that started it as it was")
	pool, err := procpool.New(1)
	if err != nil {
		return err
	}
	defer pool.Close()
	left, err := sell.Call(ctx, pool, 30)
	if err != nil {
		return err
	}
	_, crashed := crash.Call(ctx, pool, 0)

	var ours measure.Samples
	ours.Add("worker", float64(left))
	ours.Add("here", float64(tickets))
	ours.Add("crashed", measure.Truth(crashed != nil))
	judgeMemories(lab, ours, lab.Twin(ctx, nil))
	return nil
}

func judgeMemories(lab *notebook.Lab, ours, theirs measure.Samples) {
	judge := func(of notebook.Subject, s measure.Samples, yes, no measure.Answer) {
		worker, here, crashed := s.Estimate("worker"), s.Estimate("here"), s.Estimate("crashed")
		verdict := measure.Cannot("%s", worker.Missing)
		if worker.N > 0 {
			verdict = measure.Fact(worker.Median == 70 && here.Median == 100 && crashed.Median == 1,
				"of 100 tickets a worker sold 30 and had %s, the process that started it %s; a worker crashed: %s, and that process went on",
				measure.Count(worker.Median), measure.Count(here.Median), yesOrNo(crashed.Median == 1))
		}
		lab.Judge("3.4", of, verdict.Means(yes, no))
		const found = "A worker sold 30 of 100 tickets and had %s left; the process that started it %s %s."
		left, kept := measure.Count(worker.Median), measure.Count(here.Median)
		lab.Answer("3.4", of, notebook.Wording{
			yes: fmt.Sprintf(found, left, "still had", kept) + " When a worker crashed, that process went on.",
			no:  fmt.Sprintf(found, left, "had", kept),
		})
	}
	judge(notebook.CPython, theirs, measure.Yes, measure.No)
	judge(notebook.Go, ours, measure.Same, measure.Different)
}
