package main

import (
	"context"
	"io"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

func busyWaiting(ctx context.Context, w io.Writer) error {
	return demo{pitfall: "busy_waiting"}.show(ctx, w)
}

func compareCPUTime(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("the guest who polls keeps 1 CPU busy for as long as the kettle takes, the one who waits keeps 0")

	var samples measure.Samples
	whyNot, err := compare(ctx, lab, program.Plain, "busy_waiting", func(broken, cured program.Result) {
		samples.Add("polling", broken.CPU.Seconds()/broken.Took.Seconds())
		samples.Add("waiting", cured.CPU.Seconds()/cured.Took.Seconds())
	})
	if err != nil {
		return err
	}
	if whyNot != "" {
		samples = measure.Missing(whyNot)
	}
	polling, waiting := samples.Estimate("polling"), samples.Estimate("waiting")
	lab.Show("broken: polling", "CPUs kept busy", polling, 1)
	lab.Show("cured: waiting", "CPUs kept busy", waiting, 0)
	lab.Judge("6.51", notebook.Go, measure.All(
		polling.Decide("CPUs kept busy by polling", 1, 0),
		waiting.Decide("by waiting", 0, 1)))
	return nil
}
