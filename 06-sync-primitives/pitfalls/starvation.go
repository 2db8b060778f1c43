package main

import (
	"context"
	"io"

	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

func starvation(ctx context.Context, w io.Writer) error {
	return demo{pitfall: "starvation"}.show(ctx, w)
}

func keepReadersComing(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("with the hand-made lock the cook still waits after 10,000 readers, in every run; with sync.RWMutex in none")
	return judge(ctx, lab, "6.49", program.Plain, "starvation", "a cook still waiting after 10,000 readers",
		printed(1, "10000 readers came and went, and the cook still waits"))
}
