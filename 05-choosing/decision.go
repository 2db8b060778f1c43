package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"time"

	"concurrency-notebook/internal/measure"
)

// A Profile is what one has to know of some work before one chooses.
type Profile struct {
	CPU, Wait time.Duration // of one task: computing, and waiting
	Tasks     int
	Open      bool    // all at once, like clients; else they can queue
	Isolate   bool    // a crash must take nothing with it
	Command   bool    // a task is a process already, so it's isolated
	Coroutine bool    // a task is a coroutine already
	Released  float64 // the part of the computing without the GIL, 0 to 1
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

const (
	longest = 24 * 365 * time.Hour
	most    = 1_000_000_000

	// fewThreads is the article's "limited number": as many threads as
	// one wouldn't think twice about. A judgement, not a measurement.
	fewThreads = 100

	// fullEnough is how busy a process may be that has to answer: the
	// busier it is, the longer a task waits for its turn.
	fullEnough = 0.7
)

// pick applies the article's three rules, for a Python with a GIL
// and for Go, and what they leave out: a crash, a single task, and
// how many CPUs the work keeps busy.
func (p Profile) pick() (python, inGo Model) {
	switch {
	case p.Isolate:
		return Processes, Processes
	case p.atOnce() == 1:
		return OneAfterAnother, OneAfterAnother
	case p.underGIL() > 1 && p.held() >= p.time()-p.held():
		return Processes, Goroutines
	case p.atOnce() > fewThreads || p.Coroutine:
		return Asyncio, Goroutines
	default:
		return Threads, Goroutines
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

// inEach returns how many of them are in a process of Python.
func (p Profile) inEach() int {
	return int(math.Ceil(float64(p.atOnce()) / float64(p.loops())))
}

// loops returns how many processes Python needs to run its code, at
// most one for each CPU: as many as it keeps busy, and somewhat more
// if clients wait for their answers, but no process for a single one.
func (p Profile) loops() int {
	need := p.underGIL()
	if p.Open {
		need = min(need/fullEnough, float64(p.Tasks)/2)
	}
	return max(1, int(math.Ceil(min(need, float64(p.CPUs)))))
}

// load returns how busy each of them is, and how long a task waits on
// average for its turn. That is what the theory of queues says of one
// server, whose customers come at random and take equally long (M/D/1).
// It's infinite if they come faster than they go.
func (p Profile) load() (busy float64, queue time.Duration) {
	want := p.want() * float64(p.held()) / max(float64(p.CPU), 1)
	if busy = want / float64(p.loops()); busy >= 1 {
		return 1, math.MaxInt64
	}
	return busy, time.Duration(busy * float64(p.held()) / (2 * (1 - busy)))
}

// held returns for how long a task holds the GIL: not at all if it is
// a process of its own.
func (p Profile) held() time.Duration {
	if p.Command {
		return 0
	}
	return time.Duration(float64(p.CPU) * (1 - p.Released))
}

// busy returns how many CPUs the tasks keep busy: as many as they
// want, or all.
func (p Profile) busy() float64 { return min(p.want(), float64(p.CPUs)) }

// want returns how many CPUs they would keep busy, if there were as
// many.
func (p Profile) want() float64 {
	if p.time() == 0 {
		return 0
	}
	return float64(p.Tasks) * float64(p.CPU) / float64(p.time())
}

// underGIL returns how many of them run Python code.
func (p Profile) underGIL() float64 {
	if p.CPU == 0 {
		return 0
	}
	return p.busy() * float64(p.held()) / float64(p.CPU)
}

// Advice is what Choose makes of a profile.
type Advice struct {
	Python, Go Model
	Processes  int    // of Python, in each of which the model runs
	ToThreads  bool   // the event loop hands its computing to threads
	Build      string // with what, if Python needs several processes
	AsGood     string // another model for Python, if it's a close call
	Uncertain  string // all models for Python that may be right, if too little is known
	Reasons    []string
	Workers    int      // tasks at once, of all processes together
	Formula    []string // how many, with the numbers in
	Changes    []string // what would change the answer
}

// Choose advises a model, and how many workers. What makes no sense in a profile
// it takes for the nearest that does: a negative time for none, fewer than one
// for one, and a time or a number beyond sense for the largest with some.
func Choose(p Profile) Advice {
	p = p.sensible()
	a := p.advice()
	borders := p.borders()
	a.Build, a.AsGood = p.build(), closeCall(borders)
	a.Formula, a.Reasons, a.Changes = p.formula(), p.reasons(), p.changes(borders)
	return a
}

// advice is the short answer.
func (p Profile) advice() Advice {
	python, inGo := p.pick()
	return Advice{Python: python, Go: inGo, Workers: p.Workers(), Processes: p.processes(), ToThreads: p.computesInThreads()}
}

// sensible returns the nearest profile that makes sense.
func (p Profile) sensible() Profile {
	p.CPU, p.Wait = min(max(p.CPU, 0), longest), min(max(p.Wait, 0), longest)
	p.Tasks, p.CPUs = min(max(p.Tasks, 1), most), min(max(p.CPUs, 1), most)
	if p.Released = min(max(p.Released, 0), 1); math.IsNaN(p.Released) {
		p.Released = 0
	}
	p.Isolate = p.Isolate && !p.Command
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

// like reports whether another advice is the same, but for the number of processes.
func (a Advice) like(b Advice) bool {
	return a.Python == b.Python && a.Go == b.Go && a.ToThreads == b.ToThreads &&
		(a.Python == Processes || a.Processes > 1 == (b.Processes > 1))
}

// inPython returns the model for Python, and in how many processes.
func (a Advice) inPython() string {
	switch {
	case a.Processes > 1 && a.Python != Processes:
		return fmt.Sprintf("%s in %s processes", a.Python, number(a.Processes))
	case a.ToThreads:
		return string(a.Python) + ", computing in threads (asyncio.to_thread)"
	}
	return string(a.Python)
}

// computesInThreads reports whether the loop should hand its computing to
// threads: they don't need the GIL for it, and it's enough to be noticed.
func (p Profile) computesInThreads() bool {
	python, _ := p.pick()
	return python == Asyncio && !p.Command && p.Released == 1 && (p.want() > 1 || p.CPU > longTurn)
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

// timeOfAll returns how long it takes until all tasks have come to their end.
func (p Profile) timeOfAll() time.Duration {
	return time.Duration(min(float64(p.Tasks)/p.rate(), math.MaxInt32) * float64(time.Second))
}

func decision(_ context.Context, w io.Writer) error {
	line := func(columns ...any) { fmt.Fprintf(w, "%-8s  %-4v  %-4v  %-12s %-22s  %s\n", columns...) }
	line("2 CPUs", "cpu", "wait", "how many", "in Python", "in Go")
	const ms, s = time.Millisecond, time.Second
	for _, j := range []struct {
		name, many string
		Profile
	}{
		{"primes", "8", Profile{CPU: s, Tasks: 8}},
		{"10 sites", "10", Profile{CPU: ms, Wait: 50 * ms, Tasks: 10}},
		{"chats", "5,000 open", Profile{CPU: ms, Wait: 20 * s, Tasks: 5000, Open: true}},
		{"games", "5,000 open", Profile{CPU: ms, Wait: s, Tasks: 5000, Open: true}},
		{"plug-ins", "8, may crash", Profile{CPU: s, Tasks: 8, Isolate: true}},
		{"a report", "1", Profile{CPU: s, Tasks: 1}},
	} {
		j.CPUs = 2
		a := Choose(j.Profile)
		line(j.name, j.CPU, j.Wait, j.many, a.inPython(), a.Go)
	}
	return nil
}

// number formats a count, with its thousands apart.
func number(n int) string { return measure.Count(float64(n)) }
