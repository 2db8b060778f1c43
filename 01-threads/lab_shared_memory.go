package main

import (
	"context"
	"fmt"
	"sync"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func readWhatAnotherWrote(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("what one thread writes into a global variable, another one reads")
	var read measure.Samples
	_, theirs, err := lab.InTurnWithTwin(ctx, nil, measure.Variant{Name: "write", Run: func(context.Context) error {
		orders = [3]string{}
		var seen string
		var wg sync.WaitGroup
		wg.Go(func() { cook(1, "Grace") })
		wg.Wait()
		wg.Go(func() { seen = orders[1] })
		wg.Wait()
		read.Add("read", measure.Truth(seen == "Grace cooks order 2"))
		return nil
	}})
	if err != nil {
		return err
	}
	judgeSharedMemory(lab, read, theirs)
	return nil
}

func judgeSharedMemory(lab *notebook.Lab, read, theirs measure.Samples) {
	judge := func(of notebook.Subject, s measure.Samples, unit string, yes, no measure.Answer) {
		seen, rounds := s.Count("read")
		verdict := measure.Cannot("%s", s.Estimate("read").Missing)
		if rounds > 0 {
			verdict = measure.Fact(seen == rounds, "in %d of %d rounds one %s read what another had written", seen, rounds, unit)
		}
		lab.Judge("S4", of, verdict.Means(yes, no))
		lab.Answer("S4", of, notebook.Wording{
			yes: fmt.Sprintf("One %s reads what another has written into a global variable.", unit),
			no:  fmt.Sprintf("In %d of %d rounds one %s didn't read what another had written into a global variable.", rounds-seen, rounds, unit),
		})
	}
	judge(notebook.CPython, theirs, "thread", measure.Yes, measure.No)
	judge(notebook.Go, read, "goroutine", measure.Same, measure.Different)
}
