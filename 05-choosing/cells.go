package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"time"

	"concurrency-notebook/internal/measure"
)

// Each cell of the matrix is measured in a program of its own, this one started
// again: so what it uses is its own, and a crash kills nothing else.
const asCell = "CHOOSING_CELL"

// A cell is one job in one model.
type cell struct {
	Model, Job string
	Servers    []string
	Many       int // connections of the job that waits on many
	CPUs       int
}

// A usage is what a process has used of the machine.
type usage struct {
	Memory  int // bytes, at the most; 0 where the system does not tell
	Threads int // at the same time, at the most
}

func countThreads() int { return pprof.Lookup("threadcreate").Count() }

// An outcome is what became of a cell, in the end.
type outcome struct {
	Seconds float64 // from its start until what counts is there
	CPU     float64 // seconds, all processes together
	Done    int     // tasks that have their results
	usage           // of all processes together
}

// beCell is what such a program does instead of main.
func beCell() {
	what := os.Getenv(asCell)
	if what == "" {
		return
	}
	var c cell
	var o outcome
	err := json.Unmarshal([]byte(what), &c)
	if err == nil {
		o, err = c.run(context.Background())
	}
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// run runs the cell in this process.
func (c cell) run(ctx context.Context) (o outcome, err error) {
	j, ok := jobByName(c.Job)
	if !ok {
		return o, fmt.Errorf("there is no job %q", c.Job)
	}
	tasks := j.build(c.Servers, c.Many)

	var mu sync.Mutex
	elsewhere := make(map[int]usage) // by process: what it said last is the most
	m, ok := goModels(j.processes(c.CPUs), func(r reply) {
		mu.Lock()
		defer mu.Unlock()
		if r.Used != (usage{}) {
			elsewhere[r.Process] = r.Used
		}
	})[c.Model]
	if !ok {
		return o, fmt.Errorf("there is no model %q", c.Model)
	}

	at := make([]time.Duration, len(tasks)) // when each was done
	most, stop := watchThreads()
	cpu, start := measure.CPUTime(), time.Now()
	err = m(ctx, tasks, func(i, _ int) { at[i] = time.Since(start) })
	o.CPU = (measure.CPUTime() - cpu + childrenCPU()).Seconds()
	stop()
	if err != nil && !j.crashes {
		return o, err
	}

	for _, d := range at {
		if d > 0 {
			o.Done++
		}
		o.Seconds = max(o.Seconds, d.Seconds())
	}
	if j.counts > 0 {
		o.Seconds = at[j.counts].Seconds()
	}
	o.usage = usage{peakMemory(), *most}
	for _, u := range elsewhere {
		o.Memory += u.Memory
		o.Threads += u.Threads
	}
	return o, nil
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

// errDied is the error of a cell that ended without a word.
var errDied = errors.New("the process died")

// start runs the cell as a program of its own.
func (c cell) start(ctx context.Context) (o outcome, err error) {
	self, err := os.Executable()
	if err != nil {
		return o, err
	}
	what, err := json.Marshal(c)
	if err != nil {
		return o, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), asCell+"="+string(what))
	cmd.WaitDelay = time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	said, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
	switch {
	case ctx.Err() != nil:
		return o, context.Cause(ctx)
	case err == nil:
		return o, json.Unmarshal(stdout.Bytes(), &o)
	case said == "" && cmd.ProcessState != nil:
		return o, errDied
	case said == "":
		return o, err
	default:
		return o, errors.New(said)
	}
}

// number formats a count, with its thousands apart.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
