package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// A job is a number of tasks, the same for every model.
type job struct {
	name  string
	tasks []task
	times int // that these tasks are repeated; 0 stands for many

	workers int  // processes that it gets; 0 stands for one a CPU
	counts  int  // the task whose end counts, if it is not the last one's
	crashes bool // it is meant to
}

// jobs is what every model is asked to do. The numbers are such that a
// task that computes takes 10 ms, and the one of mixed 60.
var jobs = []job{
	{name: "computing", tasks: []task{{Primes: 150_000}}, times: 10},
	{name: "few waits", tasks: []task{{Requests: 8, Wait: 1}}, times: 10,
		workers: 10},
	{name: "many waits", tasks: []task{{Requests: 1, Wait: 100}},
		workers: 10},
	{name: "mixed", tasks: []task{{Primes: 520_000},
		{Requests: 30, Wait: 1}}, times: 1, counts: 1, workers: 2},
	{name: "tiny", tasks: []task{{}}, times: 2000},
	{name: "crash", tasks: []task{{}, {}, {}, {}, {Crash: true}, {},
		{}, {}, {}, {}}, times: 1, crashes: true},
}

func jobByName(name string) (job, bool) {
	for _, j := range append(jobs, alone) {
		if j.name == name {
			return j, true
		}
	}
	return job{}, false
}

// alone is what mixed is without the task that computes.
var alone = job{name: "alone", tasks: []task{{Requests: 30, Wait: 1}}, times: 1, workers: 1}

func (j job) build(servers []string, many int) []task {
	n := j.times
	if n == 0 {
		n = many
	}
	var tasks []task
	for range n {
		tasks = append(tasks, j.tasks...)
	}
	for i := range tasks {
		if tasks[i].Requests > 0 {
			tasks[i].Server = servers[i%len(servers)]
		}
	}
	return tasks
}

func (j job) processes(cpus int) int {
	if j.workers > 0 {
		return j.workers
	}
	return cpus
}

func matrix(_ context.Context, w io.Writer) error {
	fmt.Fprintln(w, time.Second)
	return nil
}

func measureMatrix(ctx context.Context, lab *notebook.Lab) error {
	m := measured{cpus: lab.CPUs(ctx, "5.1", "5.4"), many: min(5000, descriptors()/2)}
	lab.Predict("computing takes 1/CPUs = %s of the sequential time, and waiting takes 1/tasks of it, in a model that does it together; requests that cannot go on beside a computation wait for all of it; a rule holds where its model takes, or costs, clearly less than the best of the others",
		measure.Number(1/float64(m.cpus)))
	server, err := startWaiter()
	if err != nil {
		return err
	}
	defer server.Close()
	if err := m.measureGo(ctx, lab, server.Addresses); err != nil {
		return err
	}
	m.measurePython(ctx, lab, server.Addresses)
	lab.Grid(m.times())
	lab.Grid(m.costs())
	lab.Grid(m.losses())
	m.judgeRules(lab)
	m.judgeMixed(lab)
	m.judgeCrash(lab)
	return nil
}
