package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"

	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// life is this program again, with another main.
var life = again.Define("life", func(name string) error {
	switch name {
	case "main returns":
		go func() { select {} }() // would wait for ever
	case "a goroutine panics":
		defer func() { recover() }() // not for another's panic
		go func() { panic("fire in the kitchen") }()
		select {} // until the program is gone
	}
	return nil // and then main does
})

// live runs one of these programs, and returns its exit code and the first line
// that it wrote to standard error.
func live(ctx context.Context, name string) (code int, said string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	program, err := life.Command(ctx, name)
	if err != nil {
		return 0, "", err
	}
	_, err = program.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && ctx.Err() == nil {
		said, _, _ = strings.Cut(string(exit.Stderr), "\n")
		return exit.ExitCode(), said, nil
	}
	return 0, "", err
}

func lifeAndDeath(ctx context.Context, w io.Writer) error {
	for _, name := range []string{"main returns", "a goroutine panics"} {
		code, said, err := live(ctx, name)
		if err != nil {
			return err
		}
		fmt.Fprintln(w, strings.TrimSpace(fmt.Sprintf("%s: exit status %d %s", name, code, said)))
	}

	// Instead: who starts a goroutine waits for it, and what goes
	// wrong in it comes back as an error.
	var wg sync.WaitGroup
	var err error
	wg.Go(func() {
		defer func() {
			if fire := recover(); fire != nil {
				err = fmt.Errorf("the cook: %v", fire)
			}
		}()
		panic("fire in the kitchen")
	})
	wg.Wait()
	fmt.Fprintln(w, "recovered where it happened:", err)
	return nil
}

func compareEndings(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("Go's program ends with main, whoever still runs, and with the first panic that nobody recovers; Python's waits for its threads, and outlives an exception in one")
	returned, _, err := live(ctx, "main returns")
	if err != nil {
		return err
	}
	panicked, said, err := live(ctx, "a goroutine panics")
	if err != nil {
		return err
	}
	lab.Judge("1.10", notebook.Go, measure.Fact(returned != 0 && panicked != 2,
		"main returned while a goroutine ran: status %d; a goroutine panicked: status %d, %s", returned, panicked, said))
	twin := lab.Twin(ctx, nil)
	waited, survived := twin.Estimate("waited for its thread"), twin.Estimate("survived an exception")
	if waited.N == 0 {
		lab.Judge("1.10", notebook.CPython, measure.Cannot("%s", waited.Missing))
		return nil
	}
	lab.Judge("1.10", notebook.CPython, measure.Fact(waited.Median == 1 && survived.Median == 1,
		"the program waited for its thread: %v; it outlived an exception in one: %v", waited.Median == 1, survived.Median == 1))
	return nil
}
