package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime/pprof"
	"strconv"
	"sync"
	"time"

	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/measure"
)

// A cell is one job in one model.
type cell struct {
	Model, Job string
	Servers    []string
	Many       int // connections of the job that waits on many
	CPUs       int
}

func countThreads() int { return pprof.Lookup("threadcreate").Count() }

// An outcome is what became of a cell, in the end.
type outcome struct {
	Seconds float64 // from its start until what counts is there
	CPU     float64 // seconds, all processes together
	Done    int     // tasks that have their results
	Memory  int     // bytes, at the most, of the cell's own process; 0 where the system does not tell
	Threads int     // of that process, at the same time, at the most
}

// cellElsewhere measures a cell, as a program of its own: what it uses is its
// own, and a crash kills nothing else.
var cellElsewhere = again.Define("cell", func(c cell) error {
	o, err := c.run(context.Background())
	if err != nil {
		return err
	}
	return again.Say(o)
})

// run runs the cell in this process.
func (c cell) run(ctx context.Context) (o outcome, err error) {
	j := jobByName(c.Job)
	m := goModels(j.processes(c.CPUs))[c.Model]
	tasks := j.build(c.Servers, c.Many)

	at := make([]time.Duration, len(tasks)) // when each was done
	most, stop := watchThreads()
	cpu, start := measure.CPUTime(), time.Now()
	err = m(ctx, tasks, func(i, _ int) { at[i] = max(time.Since(start), 1) })
	o.CPU = (measure.CPUTime() - cpu + childrenCPU()).Seconds()
	stop()
	if o.Done, o.Seconds = j.ended(at); !j.crashes {
		if err == nil && o.Done < len(tasks) {
			err = fmt.Errorf("%d of %d tasks have no result", len(tasks)-o.Done, len(tasks))
		}
		if err != nil {
			return o, err
		}
	}
	o.Memory, o.Threads = peakMemory(), *most
	return o, nil
}

// ended returns how many tasks were done, of those that took so long (0: not
// done), and the seconds until what counts was.
func (j job) ended(at []time.Duration) (done int, seconds float64) {
	for i, d := range at {
		if d > 0 {
			done++
		}
		if j.counts == 0 || j.counts == i {
			seconds = max(seconds, d.Seconds())
		}
	}
	return done, seconds
}

// watchThreads counts the threads of this process, time and again until it is
// stopped.
func watchThreads() (most *int, stop func()) {
	most = new(int)
	look := func() { *most = max(*most, countThreads()) }
	done := make(chan struct{})
	var watcher sync.WaitGroup
	watcher.Go(func() {
		ticker := time.NewTicker(5 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				look()
			case <-done:
				look()
				return
			}
		}
	})
	return most, func() { close(done); watcher.Wait() }
}

// errKilled is the error of a cell whose process was killed.
var errKilled = errors.New("the process was killed")

// cellLimit is how long a cell may take: many times what it does.
const cellLimit = 20 * time.Second

// start runs the cell as a program of its own.
func (c cell) start(ctx context.Context) (outcome, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, cellLimit, fmt.Errorf("no result within %v, stopped", cellLimit))
	defer cancel()
	o, err := again.Run[outcome](ctx, cellElsewhere, c)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && len(exit.Stderr) == 0 && wasKilled(exit.ProcessState) {
		return o, errKilled
	}
	return o, err
}

// number formats a count, with its thousands apart.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
