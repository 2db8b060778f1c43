package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// outputOf returns what a program prints. When ctx ends it's killed,
// and its children too.
func outputOf(
	ctx context.Context, name string, args ...string,
) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	leadGroup(cmd)
	cmd.Cancel = func() error { return killGroup(cmd) }
	cmd.WaitDelay = time.Second // a child may still hold the pipe
	output, err := cmd.Output()
	switch {
	case errors.Is(err, exec.ErrWaitDelay): // which is no failure
		err = nil
	case err != nil && ctx.Err() != nil:
		err = context.Cause(ctx) // says more than "signal: killed"
	}
	return string(output), err
}

func runProgram(ctx context.Context, w io.Writer) error {
	output, err := outputOf(ctx, shell, script, "echo hello")
	if err != nil {
		return err
	}
	fmt.Fprintln(w, strings.TrimSpace(output))

	_, err = outputOf(ctx, shell, script, "echo no disk>&2&& exit 1")
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		said := strings.TrimSpace(string(failed.Stderr))
		fmt.Fprintf(w, "exit code %d: %s\n", failed.ExitCode(), said)
	}

	ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	_, err = outputOf(ctx, shell, script, anHour)
	if errors.Is(err, context.DeadlineExceeded) {
		fmt.Fprintln(w, "killed: it took too long")
	}
	return nil
}
