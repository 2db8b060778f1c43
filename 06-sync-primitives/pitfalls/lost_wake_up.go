package main

import (
	"context"
	"io"

	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

func lostWakeUp(ctx context.Context, w io.Writer) error {
	return demo{pitfall: "lost_wake_up"}.show(ctx, w)
}

func signalNobody(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("every run of the broken program ends in a deadlock, and none of the cured one")
	return judge(ctx, lab, "6.45", program.Plain, "lost_wake_up", "a deadlock",
		deadlocked("sync.Cond.Wait"))
}
