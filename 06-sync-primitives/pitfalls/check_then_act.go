package main

import (
	"context"
	"io"

	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

func checkThenAct(ctx context.Context, w io.Writer) error {
	return demo{pitfall: "check_then_act"}.show(ctx, w)
}

func sellTwice(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("built with the race detector, the broken program sells 2 tickets of 1 in every run, and no race is reported")
	return judge(ctx, lab, "6.41", program.Race, "check_then_act", "2 tickets of 1 sold and no race reported",
		func(r program.Result) bool {
			return printed(1, "2 sold of 1 ticket")(r) && len(program.Races(r.Output)) == 0
		})
}
