package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"concurrency-notebook/03-processes/procpool"
)

var tickets = 100 // a global variable: each process has one of its own

// sell runs in a worker process, and changes the variable there.
var sell = procpool.Define("sell", func(sold int) (left int, err error) {
	tickets -= sold
	return tickets, nil
})

var crash = procpool.Define("crash", func(int) (int, error) {
	os.Exit(3) // without a word, as a bug in C code may
	return 0, nil
})

func ownMemory(ctx context.Context, w io.Writer) error {
	pool, err := procpool.New(1)
	if err != nil {
		return err
	}
	defer pool.Close()

	left, err := sell.Call(ctx, pool, 30)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "the worker has", left, "tickets left")
	fmt.Fprintln(w, "this process has", tickets)

	if _, err := crash.Call(ctx, pool, 0); err != nil {
		fmt.Fprintln(w, "the worker crashed; this process goes on")
	}
	return nil
}
