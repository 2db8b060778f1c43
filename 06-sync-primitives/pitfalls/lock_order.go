package main

import (
	"context"
	"io"

	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

func lockOrder(ctx context.Context, w io.Writer) error {
	return demo{pitfall: "lock_order"}.show(ctx, w)
}

func lockCrosswise(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("every run of the broken program ends in a deadlock, and none of the cured one")
	return judge(ctx, lab, "6.43", program.Plain, "lock_order", "a deadlock",
		deadlocked("sync.Mutex.Lock"))
}
