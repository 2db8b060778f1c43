package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// Two programs, each of them this one, started again with another main.
var (
	leavesOneBehind = again.Define("leaves-one-behind", func(struct{}) error { leaveOneBehind(); return nil })
	panicsElsewhere = again.Define("panics-elsewhere", func(struct{}) error { panicElsewhere(); return nil })
)

func leaveOneBehind() {
	go func() { select {} }() // would wait for ever
} // and here main returns

func panicElsewhere() {
	defer func() { recover() }() // no help against another's panic
	go func() { panic("fire in the kitchen") }()
	select {} // wait until the program is gone
}

// An ending is how a program ended.
type ending struct {
	code int
	said string // the first line that it wrote to standard error
}

func watch(ctx context.Context, program *again.Program[struct{}]) (ending, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	cmd, err := program.Command(ctx, struct{}{})
	if err != nil {
		return ending{}, err
	}
	_, err = cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && ctx.Err() == nil {
		said, _, _ := strings.Cut(string(exit.Stderr), "\n")
		return ending{exit.ExitCode(), said}, nil
	}
	return ending{}, err
}

func compareEndings(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("a Python program waits for its threads, and outlives an exception in one; a Go program ends with main, and with the first panic that isn't recovered")
	returned, err := watch(ctx, leavesOneBehind)
	if err != nil {
		return err
	}
	panicked, err := watch(ctx, panicsElsewhere)
	if err != nil {
		return err
	}
	judgeEndings(lab, returned, panicked, lab.Twin(ctx, nil))
	return nil
}

func judgeEndings(lab *notebook.Lab, returned, panicked ending, theirs measure.Samples) {
	waited, survived := theirs.Estimate("waited"), theirs.Estimate("survived")
	verdict := measure.Cannot("%s", waited.Missing)
	if waited.N > 0 {
		verdict = measure.Fact(waited.Median == 1, "the program waited for its thread: %s; it outlived an exception in one: %s",
			yes(waited.Median == 1), yes(survived.Median == 1))
	}
	lab.Judge("1.10", notebook.CPython, verdict)
	lab.Answer("1.10", notebook.CPython, notebook.Wording{
		measure.Yes: "After main had ended, the program ran until its last thread finished. An exception in a thread ended that thread and nothing else.",
		measure.No:  "The program ended while one of its threads still ran.",
	})
	verdict = measure.Fact(returned.code == 0 && panicked.code == 2,
		"main returned while a goroutine waited: exit code %d; a goroutine panicked: exit code %d, %s", returned.code, panicked.code, panicked.said)
	lab.Judge("1.10", notebook.Go, verdict.Means(measure.Different, measure.Same))
	lab.Answer("1.10", notebook.Go, notebook.Wording{
		measure.Different: "When main returned, the program ended with it, though a goroutine still ran. A panic in one goroutine ended all of them.",
		measure.Same:      fmt.Sprintf("The program's exit codes were %d and %d.", returned.code, panicked.code),
	})
}
