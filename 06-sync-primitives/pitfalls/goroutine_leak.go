package main

import (
	"context"
	"io"

	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

func goroutineLeak(ctx context.Context, w io.Writer) error {
	return demo{pitfall: "goroutine_leak"}.show(ctx, w)
}

func countLeaks(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("in every run of the broken program all 10 goroutines are left, and in the cured one none")
	return judge(ctx, lab, "6.48", program.Plain, "goroutine_leak", "10 goroutines left",
		printed(1, "10 of 10 waiters still hold out a bill"))
}
