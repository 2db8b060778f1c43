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

func (p Profile) reasons() (reasons []string) {
	add := func(format string, args ...any) { reasons = append(reasons, fmt.Sprintf(format, args...)) }
	share := fmt.Sprintf("for %.0f %% of its time", 100*float64(p.CPU)/max(float64(p.time()), 1))
	switch {
	case share == "for 0 % of its time":
		share = "for less than 1 % of its time"
	case share == "for 100 % of its time" && p.Wait > 0:
		share = "for more than 99 % of its time"
	}
	python, inGo := p.pick()
	few := fmt.Sprintf("%s at once are few", number(p.atOnce()))
	switch {
	case p.inEach() > fewThreads && p.Command:
		few = fmt.Sprintf("%s at once are many processes: look at the memory of one", number(p.atOnce()))
	case p.inEach() > fewThreads:
		few = fmt.Sprintf("%s at once are many: in a loop, one that waits takes less than a thread", number(p.atOnce()))
	case p.loops() > 1:
		few = fmt.Sprintf("%s at once in a process are few", number(p.inEach()))
	}
	switch {
	case inGo == Processes:
		add("a task that kills its process takes with it what else is in it: only a process of its own keeps a crash to itself")
		add("mind Python's pools: after a crash, multiprocessing.Pool waits for the lost task for ever, and ProcessPoolExecutor gives up all that is not done, which you submit again")
	case p.Tasks == 1:
		add("a single task has nobody to share its time with")
	case python == OneAfterAnother:
		add("one at a time already keeps the CPU busy: more at once take hardly less time")
	case python == Processes:
		add("a task computes %s: in CPython only processes compute at the same time, in Go goroutines do", share)
	case p.Command:
		add("a command is a process already: it keeps a crash to itself, and whoever starts it only waits for its end; %s", few)
	case p.CPU == 0:
		add("a task only waits: who waits needs no CPU, and no GIL; %s", few)
	case p.Wait == 0:
		add("a task only computes, but all are open, and those that are not at work need a place to wait; %s", few)
	default:
		add("a task computes %s and waits for the rest: who waits needs no CPU, and no GIL; %s", share, few)
	}
	if p.atOnce() > fewThreads && inGo == Processes {
		add("%s processes are many: look at the memory of one first, and let a process have several tasks if it may lose them together", number(p.atOnce()))
	}
	if p.Workers() < p.Tasks && inGo != OneAfterAnother {
		all := time.Duration(min(float64(p.Tasks)/p.rate(), math.MaxInt32) * float64(time.Second))
		if p.Open {
			add("all %s together want %s CPUs: each takes %v instead of %v, however many are at work", number(p.Tasks), whole(math.Round(p.want())), short(all), short(p.time()))
		} else {
			add("%s at once can keep the CPUs busy: with %s at once hardly more would be done, and each would take %v instead of %v", number(p.Workers()), number(p.Tasks), short(all), short(p.time()))
		}
	}
	if n := p.processes(); n > 1 && python != Processes {
		add("a CPython process computes on one CPU, so it ends at most 1/%v = %s tasks a second: hence %s, with up to %s at work in each", short(p.CPU), measure.Number(1/p.CPU.Seconds()), number(n), number((p.Workers()+n-1)/n))
	}
	if p.atOnce() > manyFiles && inGo != Processes {
		add("%s at once may be as many open files, and as many questions to whoever answers: see that both can take it", number(p.atOnce()))
	}
	if python == Asyncio && !p.Command && p.CPU > longTurn {
		add("while one task computes for %v, its loop serves nobody else: rather one loop, which hands this part to a pool of %s", short(p.CPU), number(p.loops()))
	}
	if python == Processes && !p.Isolate && p.time() < smallTask {
		add("a task of %v is less than it takes to hand it to a process: hand over many at a time", short(p.time()))
	}
	return reasons
}

const (
	longTurn  = 10 * time.Millisecond // of a loop: who waits for it notices
	smallTask = 50 * time.Microsecond // about what a call to a worker of Python takes
	manyFiles = 1000                  // about what a system lets a program open, unless asked
)

func (p Profile) formula() string {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	if p.CPU == 0 {
		add("workers = tasks = %s, for nothing needs a CPU", number(p.Tasks))
	} else {
		rounded := ""
		switch enough := p.enough(); {
		case enough > float64(p.Tasks):
			rounded = fmt.Sprintf("; the tasks are %s", number(p.Tasks))
		case math.Abs(enough-float64(p.Workers())) >= 0.005:
			rounded = fmt.Sprintf(", so %s", number(p.Workers()))
		}
		add("workers = CPUs x (1 + wait/cpu) = %d x (1 + %v/%v) = %s%s", p.CPUs, short(p.Wait), short(p.CPU), whole(p.enough()), rounded)
	}
	if p.time() > 0 {
		add("Little: rate = workers / time = %s / %v = %s a second", whole(p.running()), short(p.time()), measure.Number(p.rate()))
	}
	if limit := float64(p.time()) / float64(p.CPU); !p.Command && p.Wait > 0 && limit < float64(p.Tasks) {
		add("Amdahl: under one GIL only one can compute, so all of it is done at most time/cpu = %v/%v = %s times as fast as one after another", short(p.time()), short(p.CPU), whole(limit))
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

// changes tries what could be different, and tells where the answer would be.
func (p Profile) changes() (changes []string) {
	now := p.advice()
	try := func(what string, change func(*Profile)) {
		other := p
		change(&other)
		then := other.advice()
		var answers []string
		switch {
		case then.inPython() == string(then.Go) && then.inPython() != now.inPython() && then.Go != now.Go:
			answers = append(answers, then.inPython()+" in both")
		default:
			if then.inPython() != now.inPython() {
				answers = append(answers, then.inPython()+" in Python")
			}
			if then.Go != now.Go {
				answers = append(answers, string(then.Go)+" in Go")
			}
		}
		if len(answers) > 0 {
			changes = append(changes, what+": "+strings.Join(answers, ", "))
		}
	}
	switch {
	case p.Tasks == 1:
		try("some at once", func(o *Profile) { o.Tasks = 2 })
	case p.inEach() > fewThreads:
		few := fewThreads * p.loops()
		try(fmt.Sprintf("at most %s at once", number(few)), func(o *Profile) { o.Tasks = few })
	default:
		many := fewThreads*p.loops() + 1
		try(fmt.Sprintf("%s or more open at once", number(many)), func(o *Profile) { o.Tasks, o.Open = max(p.Tasks, many), true })
	}
	switch {
	case p.Open || p.Command: // how long one computes is not asked
	case p.CPUs == 1 && p.Tasks > 1: // one worker, or one more
		if enough := p.CPU / 20; p.Wait <= enough {
			enough = up(enough)
			try(fmt.Sprintf("a task that waits for just over %v", enough), func(o *Profile) { o.Wait = enough + 1 })
		}
	case p.CPU < p.Wait:
		long := up(p.Wait)
		try(fmt.Sprintf("a task that computes for %v or more", long), func(o *Profile) { o.CPU = long })
	case p.CPU < math.MaxInt64/2:
		long := up(p.CPU)
		try(fmt.Sprintf("a task that waits for just over %v", long), func(o *Profile) { o.Wait = long + 1 })
	}
	if p.Tasks > 1 && p.CPUs > 1 && !p.Command {
		// As long as one CPU is enough for all, if they wait as long as now.
		switch border := p.Wait / time.Duration(p.Tasks-1); {
		case border == 0:
		case p.CPU > border:
			down := border.Truncate(digits(border))
			try(fmt.Sprintf("a task that computes for %v or less", down), func(o *Profile) { o.CPU = down })
		case border < p.Wait:
			up := up(border)
			try(fmt.Sprintf("a task that computes for just over %v", up), func(o *Profile) { o.CPU = up + 1 })
		}
	}
	if p.CPUs > 1 {
		try("one CPU", func(o *Profile) { o.CPUs = 1 })
	} else {
		try("twice the CPUs", func(o *Profile) { o.CPUs = 2 })
	}
	if p.Command {
		try("the same work as a function of the program", func(o *Profile) { o.Command = false })
	}
	if p.Isolate {
		try("a crash that may take all with it", func(o *Profile) { o.Isolate = false })
	} else {
		try("a crash that must take nothing with it", func(o *Profile) { o.Isolate = true })
	}
	return changes
}

// digits returns the unit of a time's third digit.
func digits(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d/unit >= 1000 && unit < time.Minute {
		unit *= 10
	}
	return unit
}

// short rounds a time to three digits, and up rounds it up.
func short(d time.Duration) time.Duration { return d.Round(digits(d)) }

func up(d time.Duration) time.Duration {
	if d > math.MaxInt64-digits(d) {
		return d
	}
	return (d + digits(d) - 1).Truncate(digits(d))
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
