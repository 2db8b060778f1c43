package main

import (
	"context"
	"fmt"
	"io"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

func thunderingHerd(ctx context.Context, w io.Writer) error {
	return demo{pitfall: "thundering_herd"}.show(ctx, w)
}

func countWoken(ctx context.Context, lab *notebook.Lab) error {
	const cooks = 1000
	lab.Predict("one order wakes all %d cooks by Broadcast, %d of them in vain; by Signal it wakes 1, and none in vain", cooks, cooks-1)

	var woken, inVain measure.Samples
	whyNot, err := compare(ctx, lab, program.Plain, "thundering_herd", func(broken, cured program.Result) {
		for name, ran := range map[string]program.Result{"Broadcast": broken, "Signal": cured} {
			var all, idle float64
			fmt.Sscanf(ran.Output, "1 order: %v woken, %v in vain", &all, &idle)
			woken.Add(name, all)
			inVain.Add(name, idle)
		}
	})
	if err != nil {
		return err
	}
	if whyNot != "" {
		lab.Judge("6.50", notebook.Go, measure.Cannot("%s", whyNot))
		return nil
	}
	const unit = "cooks woken in vain by one order"
	lab.Show("Broadcast", unit, inVain.Estimate("Broadcast"), cooks-1)
	lab.Show("Signal", unit, inVain.Estimate("Signal"), 0)
	broadcast, signal := woken.Estimate("Broadcast"), woken.Estimate("Signal")
	lab.Judge("6.50", notebook.Go, measure.Fact(broadcast.Low == cooks && signal.High == 1,
		"of %d who waited, Broadcast woke %.0f, Signal %.0f", cooks, broadcast.Low, signal.High))
	return nil
}
