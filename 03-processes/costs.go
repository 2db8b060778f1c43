package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"concurrency-notebook/03-processes/procpool"
)

// bareProgram, in the environment, makes this program say a word
// before anything else, and end. (What package again does before that
// would be measured, too.)
const bareProgram = "NOTEBOOK_BARE_PROGRAM"

func init() {
	if os.Getenv(bareProgram) != "" {
		fmt.Println("hello")
		os.Exit(0)
	}
}

// startBare starts this program and waits for its word. The caller
// calls end.
func startBare(ctx context.Context) (end func() error, err error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	program := exec.CommandContext(ctx, exe)
	program.Env = append(os.Environ(), bareProgram+"=1")
	out, err := program.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := program.Start(); err != nil {
		return nil, err
	}
	if _, err := io.ReadFull(out, make([]byte, len("hello"))); err != nil {
		return nil, errors.Join(err, program.Wait())
	}
	return program.Wait, nil
}

func costs(ctx context.Context, w io.Writer) error {
	end, err := startBare(ctx)
	if err != nil {
		return err
	}
	if err := end(); err != nil {
		return err
	}
	fmt.Fprintln(w, "the bare program says hello")

	// A worker is the same program, and takes calls.
	pool, err := procpool.New(1)
	if err != nil {
		return err
	}
	defer pool.Close()
	half, err := halve.Call(ctx, pool, 42)
	fmt.Fprintln(w, "a worker says", half, err)
	return nil
}
