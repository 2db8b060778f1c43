package main

import (
	"context"
	"fmt"
	"io"
	"time"
)

// A job is what one has to know of some work before one chooses.
type job struct {
	name        string
	cpu, wait   time.Duration // of one task: computing, and waiting
	connections int           // how many tasks wait at once
	mayCrash    bool          // and must take nothing with it
}

// A model is a way to do many tasks.
type model string

const (
	sequential model = "one after another"
	threads    model = "threads"
	processes  model = "processes"
	async      model = "asyncio"
	goroutines model = "goroutines"
)

// fewConnections is the article's "limited number": as many
// threads as one would not think twice about.
const fewConnections = 100

// choose applies the article's three rules, for a Python with a
// GIL and for Go, and two that the article leaves out: a job that
// may crash, and a single task, which needs no model at all.
func choose(j job) (python, inGo model) {
	switch {
	case j.mayCrash:
		return processes, processes
	case j.connections <= 1:
		return sequential, sequential
	case j.cpu >= j.wait:
		return processes, goroutines
	case j.connections <= fewConnections:
		return threads, goroutines
	default:
		return async, goroutines
	}
}

func decision(_ context.Context, w io.Writer) error {
	jobs := []job{
		{name: "count primes", cpu: time.Second, connections: 4},
		{name: "ask 10 sites", cpu: time.Millisecond, wait: 50 * time.Millisecond, connections: 10},
		{name: "5,000 chats", cpu: time.Millisecond, wait: time.Minute, connections: 5000},
		{name: "foreign code", cpu: time.Second, connections: 4, mayCrash: true},
		{name: "one report", cpu: time.Second, connections: 1},
	}
	fmt.Fprintf(w, "%-14s %-18s %s\n", "", "in Python", "in Go")
	for _, j := range jobs {
		python, inGo := choose(j)
		fmt.Fprintf(w, "%-14s %-18s %s\n", j.name, python, inGo)
	}
	return nil
}
