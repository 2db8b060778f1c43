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
	judge := func(of notebook.Subject, s measure.Samples, yes, no measure.Answer) {
		seen, rounds := s.Count("read")
		verdict := measure.Cannot("%s", s.Estimate("read").Missing)
		if rounds > 0 {
			verdict = measure.Fact(seen == rounds, "in %d of %d rounds one thread read what another had written", seen, rounds)
		}
		lab.Judge("S4", of, verdict.Means(yes, no))
		found := fmt.Sprintf("One thread read what another had written into the global list, in %d of %d rounds.", seen, rounds)
		if of == notebook.Go {
			found = fmt.Sprintf("One goroutine read what another had written into the global array, in %d of %d rounds.", seen, rounds)
		}
		lab.Answer("S4", of, notebook.Wording{yes: found, no: found})
	}
	judge(notebook.CPython, theirs, measure.Yes, measure.No)
	judge(notebook.Go, read, measure.Same, measure.Different)
}
