package main

import (
	"context"
	"io"
	"strings"

	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

func closedChannel(ctx context.Context, w io.Writer) error {
	return demo{pitfall: "closed_channel"}.show(ctx, w)
}

func sendOnClosed(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("every run of the broken program panics, and none of the cured one")
	return judge(ctx, lab, "6.47", program.Plain, "closed_channel", "a panic",
		func(r program.Result) bool {
			return r.ExitCode == 2 && strings.HasPrefix(r.Output, "panic: send on closed channel")
		})
}
