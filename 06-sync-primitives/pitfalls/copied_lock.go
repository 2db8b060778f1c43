package main

import (
	"context"
	"errors"
	"io"
	"strings"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

func copiedLock(ctx context.Context, w io.Writer) error {
	return demo{pitfall: "copied_lock", vet: true}.show(ctx, w)
}

func vetCopies(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("go vet finds the copy in the broken program, and nothing in the cured one; every run of the broken one loses both sales")

	copies := make(map[string]int)
	for _, which := range []string{"broken", "cured"} {
		found, err := program.Vet(ctx, programs, folder("copied_lock", which))
		if missing, ok := errors.AsType[*program.CannotBuild](err); ok {
			lab.Judge("6.42", notebook.Go, measure.Cannot("%v", missing))
			return nil
		} else if err != nil {
			return err
		}
		copies[which] = strings.Count(found.Output, "passes lock by value")
	}
	lost, err := count(ctx, lab, program.Plain, "copied_lock", "both sales lost", printed(1, "0 of 2 sales counted"))
	if err != nil {
		return err
	}
	lab.Judge("6.42", notebook.Go, measure.All(lost, measure.Fact(copies["broken"] == 1 && copies["cured"] == 0,
		"go vet finds %d copied lock in the broken one, %d in the cured one", copies["broken"], copies["cured"])))
	return nil
}
