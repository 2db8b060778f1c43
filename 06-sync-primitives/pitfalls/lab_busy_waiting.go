package main

import (
	"context"
	"fmt"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// boilingTime is how long a guest waits for the kettle.
const boilingTime = 100 * time.Millisecond

func comparePolling(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("to wait for %s takes %[1]s of CPU time if you poll, and next to none if you wait for an event", measure.Seconds(boilingTime.Seconds()))
	var went measure.Samples
	served := func(name string, guest func(<-chan struct{})) measure.Variant {
		return measure.Variant{Name: name, Run: func(context.Context) error {
			before := measure.CPUTime()
			serve(guest, boilingTime)
			went.Add(name, (measure.CPUTime() - before).Seconds())
			return nil
		}}
	}
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"seconds": boilingTime.Seconds()}, served("polling", poll), served("waiting", wait))
	if err != nil {
		return err
	}
	judgePolling(lab, went, theirs)
	return nil
}

func judgePolling(lab *notebook.Lab, went, theirs measure.Samples) {
	took := notebook.Time(fmt.Sprintf("CPU time for a wait of %s", measure.Seconds(boilingTime.Seconds())))
	lab.Headline(took, "CPU time while you wait")
	// Load takes CPU time from polling and adds none to waiting: a fortieth of
	// the wait still lies between the two.
	line := boilingTime.Seconds() / 40
	judge := func(of notebook.Subject, s measure.Samples, call string) {
		polling, waiting := s.Estimate("polling"), s.Estimate("waiting")
		lab.Figure(took, string(of)+", polling", polling, boilingTime.Seconds())
		lab.Figure(took, string(of)+", waiting", waiting, 0)
		verdict := measure.All(polling.Above("seconds of CPU time for polling", line), waiting.Below("for waiting", line))
		if verdict.Answer == measure.Yes {
			verdict = verdict.DespiteLoad("load can only take CPU time away from polling")
		}
		lab.Judge("6.51", of, verdict)
		all := ""
		if polling.Median < 0.9*boilingTime.Seconds() {
			all = ", which was all it could get"
		}
		text := fmt.Sprintf("Polling for %s took %s of CPU time%s. Waiting as long %s took %s.",
			measure.Seconds(boilingTime.Seconds()), polling.Seconds(), all, call, waiting.Seconds())
		lab.Answer("6.51", of, notebook.Wording{measure.Yes: text, measure.No: text, measure.Same: text, measure.Different: text})
	}
	judge(notebook.CPython, theirs, "with `Event.wait`")
	judge(notebook.Go, went, "on a channel")
}
