package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
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

func measureCosts(ctx context.Context, lab *notebook.Lab) error {
	cpus := lab.CPUs()
	lab.Predict("to start is what the program itself takes, to call is two hand-overs, a task in a chunk is some bytes, a large value is copied four times, and the computing is the same")

	pool, err := procpool.New(cpus)
	if err != nil {
		return err
	}
	defer pool.Close()
	one, err := procpool.New(1)
	if err != nil {
		return err
	}
	defer one.Close()
	const starts, calls, tasks, trips = 4, 2000, 100_000, 20
	numbers, mib := make([]int, tasks), make([]byte, 1<<20)
	work := cut(1_500_000, 8*cpus)
	var ends []func() error // of what was started, called when nothing is timed
	endAll := func() error {
		var errs []error
		for _, end := range ends {
			errs = append(errs, end())
		}
		ends = nil
		return errors.Join(errs...)
	}
	defer endAll()
	several := func(name string, times int, do func(context.Context) error) measure.Variant {
		return measure.Variant{Name: name, After: endAll, Run: func(ctx context.Context) error {
			for range times {
				if err := do(ctx); err != nil {
					return err
				}
			}
			return nil
		}}
	}
	went, err := lab.InTurn(ctx,
		several("bare", starts, func(ctx context.Context) error {
			end, err := startBare(ctx)
			if err == nil {
				ends = append(ends, end)
			}
			return err
		}),
		several("start", starts, func(ctx context.Context) error {
			fresh, err := procpool.New(1)
			if err != nil {
				return err
			}
			ends = append(ends, fresh.Close)
			_, err = halve.Call(ctx, fresh, 42)
			return err
		}),
		several("call", calls, func(ctx context.Context) error {
			_, err := halve.Call(ctx, one, 42)
			return err
		}),
		several("map", 1, func(ctx context.Context) error {
			_, err := halve.Map(ctx, pool, numbers)
			return err
		}),
		several("mib", trips, func(ctx context.Context) error {
			_, err := addGuest.Call(ctx, one, mib)
			return err
		}),
		several("goroutines", 1, func(ctx context.Context) error {
			_, err := inGoroutines(ctx, work)
			return err
		}),
		several("workers", 1, func(ctx context.Context) error {
			_, err := inProcesses(pool)(ctx, work)
			return err
		}))
	if err != nil {
		return err
	}
	const theirCalls, theirTrips = 200, 10
	twin := lab.Twin(ctx, map[string]any{"workers": cpus, "calls": theirCalls, "tasks": tasks, "trips": theirTrips})
	both := went.With(twin)

	for _, row := range []struct {
		unit, name string
		s          measure.Samples
		variant    string
		factor     float64
	}{
		{"ms to a first answer", "Go, the bare program", went, "bare", 1e3 / starts},
		{"ms to a first answer", "Go, a worker", went, "start", 1e3 / starts},
		{"ms to a first answer", "CPython, spawn", twin, "spawn", 1e3},
		{"µs a call with no work in it", "Go, Call", went, "call", 1e6 / calls},
		{"µs a call with no work in it", "CPython, Pool.apply", twin, "apply", 1e6 / theirCalls},
		{"µs a task, 100,000 of them", "Go, Map", went, "map", 1e6 / tasks},
		{"µs a task, 100,000 of them", "CPython, Pool.map, chunksize 64", twin, "Pool.map", 1e6 / tasks},
		{"µs for 1 MiB there and back", "Go, Call", went, "mib", 1e6 / trips},
		{"µs for 1 MiB there and back", "CPython, Pool.apply", twin, "mib, pool", 1e6 / theirTrips},
		{"µs for 1 MiB there and back", "CPython, a bare Pipe", twin, "mib, pipe", 1e6 / theirTrips},
	} {
		lab.Show(row.name, row.unit, row.s.Estimate(row.variant).Times(row.factor))
	}
	speedUp := went.Ratio("goroutines", "workers")
	lab.Show("Go, workers", "speed-up, x goroutines", speedUp, 1)

	lab.Judge("3.10", ourPool, measure.All(
		went.Ratio("start", "bare").Below("a worker / the bare program", 1.3),
		both.Ratio("spawn", "start").Times(starts).Above("spawn / a worker", 10)))
	lab.Judge("3.11", ourPool, both.Ratio("apply", "call").Times(float64(calls)/theirCalls).Above("Pool.apply / Call", 7))
	lab.Judge("3.12", ourPool, both.Ratio("Pool.map", "map").Above("Pool.map / Map", 1.5))
	lab.Judge("3.13", ourPool, measure.All(
		both.Ratio("mib, pool", "mib").Times(float64(trips)/theirTrips).Above("Pool.apply / Call", 5),
		both.Ratio("mib, pipe", "mib").Times(float64(trips)/theirTrips).Above("a bare Pipe / Call", 1)))
	lab.Judge("3.14", ourPool, speedUp.Above("workers' speed-up / goroutines'", 0.97))
	return nil
}
