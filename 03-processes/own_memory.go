package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// A global variable: each process has one of its own.
var tickets = 100

// sellTickets runs in a worker process, and changes the variable there.
var sellTickets = procpool.Define("sell-tickets",
	func(sold int) (left int, err error) {
		tickets -= sold
		return tickets, nil
	})

// crash ends its process without a word, as a bug in C code may.
var crash = procpool.Define("crash",
	func(int) (int, error) {
		os.Exit(3)
		return 0, nil
	})

func ownMemory(ctx context.Context, w io.Writer) error {
	pool, err := procpool.New(1)
	if err != nil {
		return err
	}
	defer pool.Close()

	// The worker sells twice and remembers: its memory lives as
	// long as it does. Ours never hears of it.
	for range 2 {
		left, err := sellTickets.Call(ctx, pool, 30)
		if err != nil {
			return err
		}
		fmt.Fprintln(w, "the worker has", left, "tickets left")
	}
	fmt.Fprintln(w, "this process has", tickets)

	// Nor is its death ours.
	if _, err := crash.Call(ctx, pool, 0); err != nil {
		fmt.Fprintln(w, "the worker crashed; this process goes on")
	}
	return nil
}

func compareMemories(ctx context.Context, lab *notebook.Lab) error {
	lab.Predict("a child's change and a child's crash leave its parent as it was")
	pool, err := procpool.New(1)
	if err != nil {
		return err
	}
	defer pool.Close()
	before := tickets
	left, err := sellTickets.Call(ctx, pool, 30)
	if err != nil {
		return err
	}
	_, crashed := crash.Call(ctx, pool, 0)
	lab.Judge("3.4", notebook.Go, measure.Fact(left == before-30 && tickets == before && crashed != nil,
		"a child sold 30 and counts %d, its parent %d; a child crashed, its parent did not", left, tickets))

	twin := lab.Twin(ctx, nil)
	child, parent, status := twin.Estimate("child"), twin.Estimate("parent"), twin.Estimate("status")
	if child.N == 0 {
		lab.Judge("3.4", notebook.CPython, measure.Cannot("%s", child.Missing))
		return nil
	}
	lab.Judge("3.4", notebook.CPython, measure.Fact(child.Median == 70 && parent.Median == 100 && status.Median == 3,
		"a child sold 30 and counts %.0f, its parent %.0f; a child crashed, its parent did not", child.Median, parent.Median))
	return nil
}
