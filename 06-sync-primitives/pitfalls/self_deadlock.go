package main

import (
	"context"
	"io"

	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

func selfDeadlock(ctx context.Context, w io.Writer) error {
	return demo{pitfall: "self_deadlock"}.show(ctx, w)
}

func lockAgain(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("every run of the broken program ends in a deadlock, and none of the cured one")
	return judge(ctx, lab, "6.44", program.Plain, "self_deadlock", "a deadlock",
		deadlocked("sync.Mutex.Lock"))
}
