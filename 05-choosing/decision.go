package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"concurrency-notebook/internal/measure"
)

// A Profile is what one has to know of some work before one chooses.
type Profile struct {
	CPU, Wait   time.Duration // of one task: computing, and waiting
	Connections int           // tasks that are there at once
	Isolate     bool          // a crash must take nothing with it
	CPUs        int
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

// fewConnections is the article's "limited number": as many threads
// as one would not think twice about.
const fewConnections = 100

// pick applies the article's three rules, for a Python with a GIL
// and for Go, and what they leave out: work that may crash, a single
// task, and a machine with one CPU.
func (p Profile) pick() (python, inGo Model) {
	switch {
	case p.Isolate:
		return Processes, Processes
	case p.Connections == 1 || p.CPUs == 1 && p.Wait == 0:
		return OneAfterAnother, OneAfterAnother
	case p.CPUs > 1 && p.CPU >= p.Wait:
		return Processes, Goroutines
	case p.Connections <= fewConnections:
		return Threads, Goroutines
	default:
		return Asyncio, Goroutines
	}
}

// Workers returns how many tasks at once keep all CPUs busy: with
// more, they wait for a CPU.
func (p Profile) Workers() int {
	enough := float64(p.CPUs) * (1 + float64(p.Wait)/float64(p.CPU))
	if p.CPU == 0 || enough >= float64(p.Connections) {
		return p.Connections
	}
	return int(math.Ceil(enough))
}

// Advice is what Choose makes of a profile.
type Advice struct {
	Python, Go Model
	Reasons    []string
	Workers    int      // tasks at once, of all processes together
	Formula    string   // how many, with the numbers in
	Changes    []string // what would change the answer
}

// Choose advises a model, and how many workers. What makes no sense in a profile
// it takes for the nearest that does: a negative time for none, fewer than one
// for one.
func Choose(p Profile) Advice {
	p.CPU, p.Wait = max(p.CPU, 0), max(p.Wait, 0)
	p.Connections, p.CPUs = max(p.Connections, 1), max(p.CPUs, 1)
	a := Advice{Workers: p.Workers(), Formula: p.formula(), Reasons: p.reasons(), Changes: p.changes()}
	a.Python, a.Go = p.pick()
	return a
}

// time returns how long a task takes, if it has a CPU when it needs one.
func (p Profile) time() time.Duration {
	if p.CPU > math.MaxInt64-p.Wait {
		return math.MaxInt64
	}
	return p.CPU + p.Wait
}

// rate returns how many tasks a second come to their end.
func (p Profile) rate() float64 {
	if p.time() == 0 {
		return math.Inf(1)
	}
	rate := float64(p.Workers()) / p.time().Seconds()
	if p.CPU > 0 { // the number of workers is rounded up
		rate = min(rate, float64(p.CPUs)/p.CPU.Seconds())
	}
	return rate
}

func (p Profile) reasons() (reasons []string) {
	add := func(format string, args ...any) { reasons = append(reasons, fmt.Sprintf(format, args...)) }
	share := fmt.Sprintf("%.0f %%", 100*float64(p.CPU)/max(float64(p.time()), 1))
	python, inGo := p.pick()
	switch {
	case p.Isolate:
		add("a task that kills its process takes with it what else is in it: only a process of its own keeps a crash to itself")
		if p.Connections > fewConnections {
			add("%s processes are many: look at the memory of one first, and let a process have several tasks if it may lose them together", number(p.Connections))
		}
	case p.Connections == 1:
		add("a single task has nobody to share its time with")
	case python == OneAfterAnother:
		add("with one CPU, and nothing to wait for, tasks at once take as long as one after another")
	case python == Processes:
		add("a task computes for %s of its time: in CPython only processes compute at the same time, in Go goroutines do", share)
	case python == Threads:
		add("a task computes for %s of its time and waits for the rest: threads wait together, GIL or no GIL, and %s of them are few", share, number(p.Connections))
	default:
		add("a task computes for %s of its time and waits for the rest, and %s are many: in a loop, one that waits takes less than a thread", share, number(p.Connections))
	}
	if few := p.Workers(); few < p.Connections && inGo != OneAfterAnother {
		all := time.Duration(min(float64(p.Connections)/p.rate(), math.MaxInt32) * float64(time.Second))
		add("%s at once keep the CPUs busy; all %s at once would not be faster, and each would take %v", number(few), number(p.Connections), short(all))
	}
	if oneCPU := 1 / p.CPU.Seconds(); (python == Threads || python == Asyncio) && p.CPUs > 1 && p.rate() > oneCPU {
		add("a CPython process computes on one CPU, so it ends at most 1/%v = %s tasks a second: for more, several processes, each with its own %s", short(p.CPU), measure.Number(oneCPU), python)
	}
	if python == Asyncio && p.CPU > longTurn {
		add("while one task computes for %v, the loop serves nobody: give that part to a process", short(p.CPU))
	}
	if python == Processes && p.time() < smallTask {
		add("a task of %v is less than it takes to hand it to a process: hand over many at a time", short(p.time()))
	}
	return reasons
}

const (
	longTurn  = 10 * time.Millisecond  // of a loop: who waits for it notices
	smallTask = 100 * time.Microsecond // about what a call to a worker process takes
)

func (p Profile) formula() string {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	capped := ""
	if enough := float64(p.CPUs) * (1 + float64(p.Wait)/float64(p.CPU)); p.CPU == 0 {
		add("workers = connections = %s, for nothing needs a CPU", number(p.Connections))
	} else {
		if enough > float64(p.Connections) {
			capped = fmt.Sprintf(", and there are only %s", number(p.Connections))
		}
		add("workers = CPUs x (1 + wait/cpu) = %d x (1 + %v/%v) = %s%s", p.CPUs, short(p.Wait), short(p.CPU), whole(enough), capped)
	}
	if p.time() > 0 {
		add("Little: rate = workers / time = %s / %v = %s a second", number(p.Workers()), short(p.time()), measure.Number(p.rate()))
	}
	if p.CPU > 0 {
		limit := float64(p.CPUs) * float64(p.time()) / float64(p.CPU)
		few := ""
		if limit > float64(p.Connections) {
			few = fmt.Sprintf(", and no more than the %s that there are", number(p.Connections))
		}
		add("only CPUs divide the computing: at most CPUs x time/cpu = %d x %v/%v = %s times as fast as one after another%s",
			p.CPUs, short(p.time()), short(p.CPU), whole(limit), few)
	}
	return strings.Join(lines, "\n")
}

// whole formats a number without decimals, where it needs none.
func whole(x float64) string {
	if x == math.Trunc(x) && x < 1e9 {
		return number(int(x))
	}
	return measure.Number(x)
}

// changes tries what could be different.
func (p Profile) changes() (changes []string) {
	python, inGo := p.pick()
	try := func(what string, possible bool, change func(*Profile)) {
		if !possible {
			return
		}
		other := p
		change(&other)
		var answers []string
		otherPython, otherGo := other.pick()
		switch inBoth := otherPython == otherGo; {
		case inBoth && otherPython != python && otherGo != inGo:
			answers = append(answers, string(otherGo)+" in both")
		case otherPython != python && otherGo != inGo:
			answers = append(answers, string(otherPython)+" in Python", string(otherGo)+" in Go")
		case otherPython != python:
			answers = append(answers, string(otherPython)+" in Python")
		case otherGo != inGo:
			answers = append(answers, string(otherGo)+" in Go")
		}
		if len(answers) > 0 {
			changes = append(changes, what+": "+strings.Join(answers, ", "))
		}
	}
	try("one task at a time", p.Connections > 1, func(o *Profile) { o.Connections = 1 })
	try(fmt.Sprintf("at most %d at once", fewConnections), p.Connections > fewConnections, func(o *Profile) { o.Connections = fewConnections })
	try("some at once", p.Connections == 1, func(o *Profile) { o.Connections = 2 })
	try(fmt.Sprintf("more than %d at once", fewConnections), p.Connections <= fewConnections, func(o *Profile) { o.Connections = fewConnections + 1 })
	try(fmt.Sprintf("a task that computes for %v or more", short(p.Wait)), p.CPU < p.Wait, func(o *Profile) { o.CPU = o.Wait })
	try(fmt.Sprintf("a task that waits for more than %v", short(p.CPU)), p.CPU >= p.Wait && p.CPU < math.MaxInt64, func(o *Profile) { o.Wait = o.CPU + 1 })
	try("one CPU", p.CPUs > 1, func(o *Profile) { o.CPUs = 1 })
	try("two CPUs", p.CPUs == 1, func(o *Profile) { o.CPUs = 2 })
	try("a crash that must take nothing with it", !p.Isolate, func(o *Profile) { o.Isolate = true })
	try("a crash that may take all with it", p.Isolate, func(o *Profile) { o.Isolate = false })
	return changes
}

// short rounds a time to three digits.
func short(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d/unit >= 1000 && unit < time.Minute {
		unit *= 10
	}
	return d.Round(unit)
}

func decision(_ context.Context, w io.Writer) error {
	fmt.Fprintf(w, "%-15s %-18s %-18s %s\n", "with 2 CPUs", "in Python", "in Go", "workers")
	for _, j := range []struct {
		name string
		Profile
	}{
		{"count primes", Profile{CPU: time.Second, Connections: 8}},
		{"ask 10 sites", Profile{CPU: time.Millisecond,
			Wait: 50 * time.Millisecond, Connections: 10}},
		{"5,000 chats", Profile{CPU: time.Millisecond,
			Wait: time.Second, Connections: 5000}},
		{"foreign code", Profile{CPU: time.Second, Connections: 8,
			Isolate: true}},
		{"one report", Profile{CPU: time.Second, Connections: 1}},
	} {
		j.CPUs = 2
		a := Choose(j.Profile)
		fmt.Fprintf(w, "%-15s %-18s %-18s %7s\n", j.name, a.Python, a.Go, number(a.Workers))
	}
	fmt.Fprintln(w, "\nfor a job of yours: go run ./05-choosing advise -h")
	return nil
}
