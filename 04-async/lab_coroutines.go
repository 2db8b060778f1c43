package main

import (
	"context"
	"fmt"
	"strings"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// What the program awaits.
var awaited = []string{
	"a sleep of 0", "a task that has just been made",
	"a task that has ended", "a queue that has something", "a coroutine that doesn't wait",
}

func countSuspensions(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("an await that suspends lets others run; one whose result is there already, or that runs a coroutine which doesn't wait, goes straight on")
	judgeSuspensions(lab, lab.Twin(ctx, nil))
	return nil
}

func judgeSuspensions(lab *notebook.Lab, theirs measure.Samples) {
	var suspended, straight []string
	why := ""
	for _, thing := range awaited {
		ran, n := theirs.Count(thing)
		switch {
		case n == 0:
			why = theirs.Estimate(thing).Missing
		case ran == n:
			suspended = append(suspended, thing)
		case ran == 0:
			straight = append(straight, thing)
		default:
			why = fmt.Sprintf("others ran while it awaited %s in %d of %d rounds", thing, ran, n)
		}
	}
	verdict := measure.Fact(len(straight) == 0, "others ran while it awaited %s; nobody else ran while it awaited %s", list(suspended), list(straight))
	if len(suspended) > 0 && len(straight) > 0 {
		verdict.Answer = measure.InPart
	}
	if why != "" {
		verdict = measure.Cannot("%s", why)
	}
	lab.Judge("4.6", notebook.CPython, verdict)
	lab.Answer("4.6", notebook.CPython, notebook.Wording{
		measure.Yes:    "Each of the program's five awaits let others run.",
		measure.No:     "None of the program's five awaits let others run.",
		measure.InPart: fmt.Sprintf("Of the program's five awaits, %d let others run. The other %d suspended nothing and went straight on.", len(suspended), len(straight)),
	})
}

func list(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}
