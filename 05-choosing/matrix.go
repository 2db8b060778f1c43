package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// A job is a number of tasks, the same for every model.
type job struct {
	name  string
	tasks []task
	times int // that they are repeated; 0: once a connection

	computes time.Duration // about, all tasks together
	workers  int           // processes for it; 0: one a CPU
	counts   int           // the task that counts; 0: the last to end
	crashes  bool          // and is meant to
}

var jobs = []job{
	{name: "computing", times: 10, computes: 100 * time.Millisecond,
		tasks: []task{{Primes: 150_000}}},
	{name: "few waits", times: 10, workers: 10,
		tasks: []task{{Requests: 12, Wait: 1}}},
	{name: "many waits", workers: 10,
		tasks: []task{{Requests: 1, Wait: 100}}},
	{name: "mixed", times: 1, computes: 60 * time.Millisecond,
		tasks:   []task{{Primes: 520_000}, {Requests: 30, Wait: 1}},
		workers: 2, counts: 1},
	{name: tiny, times: 2000, tasks: []task{{}}},
	{name: "crash", times: 1, crashes: true,
		tasks: []task{{}, {}, {}, {}, {Crash: true}, {}, {}, {}, {}, {}}},
}

const tiny, manyTasks = "tiny", 5000

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
	fmt.Fprintf(w, "%-12s %5s  %17s  %12s\n", "job", "tasks",
		"one after another", "longest task")
	for _, j := range jobs {
		tasks := j.build([]string{"a server"}, manyTasks)
		all, longest := j.computes, j.computes/time.Duration(max(j.times, 1))
		for _, t := range tasks {
			waits := time.Duration(t.Requests) * time.Duration(t.Wait)
			all += waits * time.Millisecond
			longest = max(longest, waits*time.Millisecond)
		}
		fmt.Fprintf(w, "%-12s %5s  %17v  %12v\n", j.name,
			number(len(tasks)), all, longest)
	}
	return nil
}

func measureMatrix(ctx context.Context, lab *notebook.Lab) error {
	m := measured{cpus: lab.CPUs(ctx, "5.1", "5.4"), many: min(manyTasks, measure.OpenFiles()/2)}
	lab.Predict("computing takes 1/CPUs = %[1]s of the sequential time in a model that uses all CPUs; 10 tasks that wait take 1/10 of it in a model that lets them wait together; requests beside a computation wait for all of it in a loop, and for none of it in a process or a goroutine. A rule holds where its model takes clearly less than the best of the others: processes %[1]s of it, threads and asyncio %[2]s, in time or in what waiting costs (CPU time for few, memory for many)",
		measure.Number(1/float64(m.cpus)), measure.Number(clearlyLess))
	server, err := startWaiter()
	if err != nil {
		return err
	}
	defer server.Close()
	if err := m.measureGo(ctx, lab, server.Addresses); err != nil {
		return err
	}
	lab.CPUs(ctx, "5.1", "5.4") // between the two, too: it has taken a while
	m.measurePython(ctx, lab, server.Addresses)
	lab.Grid(m.times())
	lab.Grid(m.costs())
	lab.Grid(m.losses())
	if m.many < manyTasks {
		lab.Remark("Of many waits there were %d, and not %d: a program may have %d files open.", m.many, manyTasks, measure.OpenFiles())
	}
	for _, language := range []notebook.Subject{notebook.CPython, notebook.Go} {
		m.showMixed(lab, language)
		rules := m.rules(language)
		for _, no := range slices.Sorted(maps.Keys(rules)) {
			lab.Judge(no, language, rules[no])
		}
		lab.Judge("5.4", language, m.mixed(language))
		lab.Judge("5.6", language, m.crash(language))
	}
	return nil
}
