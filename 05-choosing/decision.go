package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"time"
)

// A Profile is what one has to know of some work before one chooses.
type Profile struct {
	CPU, Wait time.Duration // of one task: computing, and waiting
	Tasks     int
	Open      bool // all at once, like clients; else they can queue
	Isolate   bool // a crash must take nothing with it
	Command   bool // a task is a process already
	CPUs      int
}

// A Model is a way to do many tasks.
type Model string

// The models that an advice can name.
const (
	OneAfterAnother Model = "one after another"
	Threads         Model = "threads"
	Processes       Model = "processes"
	Asyncio         Model = "asyncio"
	Goroutines      Model = "goroutines"
)

// fewThreads is the article's "limited number": as many threads as
// one would not think twice about. A judgement, not a measurement.
const fewThreads = 100

// pick applies the article's three rules, for a Python with a GIL
// and for Go, and what they leave out: a crash, a single task, and
// how many CPUs the work keeps busy.
func (p Profile) pick() (python, inGo Model) {
	switch {
	case p.Isolate && !p.Command:
		return Processes, Processes
	case p.atOnce() == 1:
		return OneAfterAnother, OneAfterAnother
	case p.underGIL() >= 1 && p.CPUs > 1 && p.CPU >= p.Wait && !p.Open:
		return Processes, Goroutines
	case p.inEach() <= fewThreads:
		return Threads, Goroutines
	default:
		return Asyncio, Goroutines
	}
}

// Workers returns how many tasks at once keep all CPUs busy: with
// more, they wait for a CPU.
func (p Profile) Workers() int {
	n := math.Round(p.enough())
	if p.enough() > n*1.05 { // for less, one more is for nothing
		n++
	}
	if n >= float64(p.Tasks) {
		return p.Tasks
	}
	return int(n)
}

// enough is the same as a fraction, and for any number of tasks.
func (p Profile) enough() float64 {
	if p.CPU == 0 {
		return math.Inf(1)
	}
	return float64(p.CPUs) * (1 + float64(p.Wait)/float64(p.CPU))
}

// atOnce returns how many tasks are there at the same time.
func (p Profile) atOnce() int {
	if p.Open {
		return p.Tasks
	}
	return p.Workers()
}

// inEach returns how many of them are in a process of Python, of
// which it takes one for each CPU that is kept busy.
func (p Profile) inEach() int {
	return int(math.Ceil(float64(p.atOnce()) / float64(p.loops())))
}

// loops returns how many such processes it takes.
func (p Profile) loops() int { return max(1, int(math.Ceil(p.underGIL()))) }

// busy returns how many CPUs the tasks keep busy: as many as they
// want, or all.
func (p Profile) busy() float64 {
	if p.time() == 0 {
		return 0
	}
	return min(p.want(), float64(p.CPUs))
}

// want returns how many CPUs they would keep busy, if there were as
// many.
func (p Profile) want() float64 {
	return float64(p.Tasks) * float64(p.CPU) / float64(p.time())
}

// underGIL returns how many of them have to run Python code: none,
// where each task is a process already.
func (p Profile) underGIL() float64 {
	if p.Command {
		return 0
	}
	return p.busy()
}

// Advice is what Choose makes of a profile.
type Advice struct {
	Python, Go Model
	Processes  int // of Python, in each of which the model runs
	Reasons    []string
	Workers    int      // tasks at once, of all processes together
	Formula    string   // how many, with the numbers in
	Changes    []string // what would change the answer
}

// Choose advises a model, and how many workers. What makes no sense in a profile
// it takes for the nearest that does: a negative time for none, fewer than one
// for one.
func Choose(p Profile) Advice {
	p = p.sensible()
	a := p.advice()
	a.Formula, a.Reasons, a.Changes = p.formula(), p.reasons(), p.changes()
	return a
}

// advice is the short answer.
func (p Profile) advice() Advice {
	python, inGo := p.pick()
	return Advice{Python: python, Go: inGo, Workers: p.Workers(), Processes: p.processes()}
}

// sensible returns the nearest profile that makes sense.
func (p Profile) sensible() Profile {
	p.CPU, p.Wait = max(p.CPU, 0), max(p.Wait, 0)
	p.Tasks, p.CPUs = max(p.Tasks, 1), max(p.CPUs, 1)
	return p
}

// processes returns how many processes Python needs: one computes on one CPU.
func (p Profile) processes() int {
	python, _ := p.pick()
	switch python {
	case OneAfterAnother:
		return 1
	case Processes:
		return p.Workers()
	}
	return p.loops()
}

// inPython returns the model for Python, and in how many processes.
func (a Advice) inPython() string {
	if a.Processes > 1 && a.Python != Processes {
		return fmt.Sprintf("%s, in %s processes", a.Python, number(a.Processes))
	}
	return string(a.Python)
}

// time returns how long a task takes, if it has a CPU when it needs one.
func (p Profile) time() time.Duration {
	if p.CPU > math.MaxInt64-p.Wait {
		return math.MaxInt64
	}
	return p.CPU + p.Wait
}

// running returns how many of the workers are under way at the same time, on
// average, rather than in front of a CPU.
func (p Profile) running() float64 { return min(p.enough(), float64(p.Workers())) }

// rate returns how many tasks a second come to their end, by Little's law.
func (p Profile) rate() float64 {
	if p.time() == 0 {
		return math.Inf(1)
	}
	return p.running() / (p.CPU.Seconds() + p.Wait.Seconds())
}

func decision(_ context.Context, w io.Writer) error {
	fmt.Fprintf(w, "%-15s %-25s %-18s %s\n", "with 2 CPUs", "in Python", "in Go", "at work")
	for _, j := range []struct {
		name string
		Profile
	}{
		{"count primes", Profile{CPU: time.Second, Tasks: 8}},
		{"ask 10 sites", Profile{CPU: time.Millisecond,
			Wait: 50 * time.Millisecond, Tasks: 10}},
		{"5,000 chats", Profile{CPU: time.Millisecond,
			Wait: 20 * time.Second, Tasks: 5000, Open: true}},
		{"5,000 games", Profile{CPU: time.Millisecond,
			Wait: time.Second, Tasks: 5000, Open: true}},
		{"foreign code", Profile{CPU: time.Second, Tasks: 8,
			Isolate: true}},
		{"one report", Profile{CPU: time.Second, Tasks: 1}},
	} {
		j.CPUs = 2
		a := Choose(j.Profile)
		fmt.Fprintf(w, "%-15s %-25s %-18s %7s\n",
			j.name, a.inPython(), a.Go, number(a.Workers))
	}
	fmt.Fprintln(w, "\nfor a job of yours: go run ./05-choosing advise -h")
	return nil
}
