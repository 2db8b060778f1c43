package main

import (
	"context"
	"io"
	"strings"

	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

func forgottenWait(ctx context.Context, w io.Writer) error {
	return demo{pitfall: "forgotten_wait"}.show(ctx, w)
}

func returnEarly(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("no run of the broken program sends an order, and every run of the cured one sends all 3")
	return judge(ctx, lab, "6.46", program.Plain, "forgotten_wait", "fewer than 3 orders were sent",
		func(r program.Result) bool { return strings.Count(r.Output, "order sent\n") < 3 })
}
