package main

import (
	"context"
	"errors"
	"fmt"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// How often each thing is done in a run, here and in Python.
const (
	bareStarts            = 4
	ourCalls, theirCalls  = 2000, 200
	ourTrips, theirTrips  = 20, 10
	tasksOfMap            = 100_000
	primesBelow           = 1_000_000
	perStart              = 1. / bareStarts
	perCall, perTheirCall = 1. / ourCalls, 1. / theirCalls
	perTrip, perTheirTrip = 1. / ourTrips, 1. / theirTrips
	perTask               = 1. / tasksOfMap
)

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
	numbers, mib := make([]int, tasksOfMap), make([]byte, 1<<20)
	work := cut(0, primesBelow, 8*cpus)
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
	went, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"workers": cpus, "calls": theirCalls, "tasks": tasksOfMap, "trips": theirTrips},
		several("bare", bareStarts, func(ctx context.Context) error {
			end, err := startBare(ctx)
			if err == nil {
				ends = append(ends, end)
			}
			return err
		}),
		several("start", bareStarts, func(ctx context.Context) error {
			fresh, err := procpool.New(1)
			if err != nil {
				return err
			}
			ends = append(ends, fresh.Close)
			_, err = halve.Call(ctx, fresh, 42)
			return err
		}),
		several("call", ourCalls, func(ctx context.Context) error {
			_, err := halve.Call(ctx, one, 42)
			return err
		}),
		several("map", 1, func(ctx context.Context) error {
			_, err := halve.Map(ctx, pool, numbers)
			return err
		}),
		several("mib", ourTrips, func(ctx context.Context) error {
			_, err := itself.Call(ctx, one, mib)
			return err
		}),
		several("goroutines", 1, func(ctx context.Context) error {
			inGoroutines(work)
			return nil
		}),
		several("workers", 1, func(ctx context.Context) error {
			_, err := inProcesses(ctx, pool, work)
			return err
		}))
	if err != nil {
		return err
	}
	judgeCosts(lab, went, theirs)
	return nil
}

func judgeCosts(lab *notebook.Lab, went, theirs measure.Samples) {
	show := func(unit notebook.Unit, name string, s measure.Samples, variant string, each float64) string {
		e := s.Estimate(variant).Times(each)
		lab.Figure(unit, name, e)
		return e.Seconds()
	}
	first := notebook.Time("time to a first answer")
	spawn := show(first, "CPython, spawn", theirs, "spawn", 1)
	worker := show(first, "Go, a worker", went, "start", perStart)
	bare := show(first, "Go, the bare program", went, "bare", perStart)
	call := notebook.Time("time for a call that does nothing")
	apply := show(call, "CPython, Pool.apply", theirs, "apply", perTheirCall)
	called := show(call, "Go, Call", went, "call", perCall)
	task := notebook.Time("time for a task of 100,000 that do nothing")
	theirMap := show(task, "CPython, Pool.map", theirs, "Pool.map", perTask)
	ourMap := show(task, "Go, Map", went, "map", perTask)
	mib := notebook.Time("time for 1 MiB there and back")
	theirMiB := show(mib, "CPython, Pool.apply", theirs, "mib, pool", perTheirTrip)
	pipe := show(mib, "CPython, a bare Pipe", theirs, "mib, pipe", perTheirTrip)
	ourMiB := show(mib, "Go, Call", went, "mib", perTrip)
	speedUp := went.Ratio("goroutines", "workers")
	lab.Figure(notebook.Unit{Name: "speed-up, × goroutines", Say: measure.Times}, "Go, workers", speedUp, 1)

	both := went.With(theirs)
	judge := func(claim string, verdict measure.Verdict, format string, args ...any) {
		lab.Judge(claim, ourPool, verdict)
		found := fmt.Sprintf(format, args...)
		lab.Answer(claim, ourPool, notebook.Wording{measure.Yes: found, measure.No: found})
	}
	judge("3.10", measure.All(
		went.Ratio("start", "bare").Below("a worker / the bare program", 1.3),
		both.Ratio("spawn", "start").Times(bareStarts).Above("spawn / a worker", 10)),
		"A worker has answered after %s, the bare program after %s, a process that Python spawns after %s.", worker, bare, spawn)
	judge("3.11", both.Ratio("apply", "call").Times(perTheirCall/perCall).Above("Pool.apply / Call", 7),
		"A call takes %s, Pool.apply %s.", called, apply)
	judge("3.12", both.Ratio("Pool.map", "map").Above("Pool.map / Map", 1.5),
		"A task of a Map takes %s, one of Pool.map %s.", ourMap, theirMap)
	judge("3.13", measure.All(
		both.Ratio("mib, pool", "mib").Times(perTheirTrip/perTrip).Above("Pool.apply / Call", 5),
		both.Ratio("mib, pipe", "mib").Times(perTheirTrip/perTrip).Above("a bare Pipe / Call", 1)),
		"1 MiB takes %s there and back, %s in Python's Pool, %s through a bare Pipe.", ourMiB, theirMiB, pipe)
	judge("3.14", speedUp.Above("workers' speed-up / goroutines'", 0.97),
		"On work for the CPU, workers have %s the speed-up of goroutines.", measure.Times(speedUp.Median))
}
