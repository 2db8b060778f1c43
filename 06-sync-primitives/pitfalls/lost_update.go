package main

import (
	"context"
	"fmt"
	"io"

	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

func lostUpdate(ctx context.Context, w io.Writer) error {
	// The figure of the broken one is left out: it varies.
	return demo{pitfall: "lost_update", vet: true, varies: `^\d+`}.show(ctx, w)
}

func detectRace(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("the race detector reports the broken program in every run, and the cured one in none")

	const sales = 200_000
	runs, right, worst := 0, 0, 0
	whyNot, err := compare(ctx, lab, program.Plain, "lost_update", func(broken, _ program.Result) {
		sold := 0
		if fmt.Sscan(broken.Output, &sold); sold == sales {
			right++
		}
		runs, worst = runs+1, max(worst, sales-sold)
	})
	if err != nil {
		return err
	}
	if whyNot == "" {
		lab.Remark("Without the detector, %d of %d runs of the broken program counted every sale; the worst lost %d of %d.", right, runs, worst, sales)
	}

	told := false
	return judge(ctx, lab, "6.40", program.Race, "lost_update", "a data race reported",
		func(r program.Result) bool {
			races := program.Races(r.Output)
			if len(races) > 0 && !told {
				lab.Remark("Its report, in a line: %s.", races[0])
				told = true
			}
			return r.ExitCode == 66 && len(races) > 0
		})
}
