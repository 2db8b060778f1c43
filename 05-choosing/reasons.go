package main

import (
	"fmt"
	"math"
	"strings"
	"time"

	"concurrency-notebook/internal/measure"
)

// What Choose says of its answer, in words: why, how many, and what would change
// it.

// reasons says why the answer is what it is, and what to mind.
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
	few := fmt.Sprintf("threads manage %s at once", number(p.atOnce()))
	switch {
	case p.inEach() > fewThreads && p.Command:
		few = fmt.Sprintf("%s at once are many processes: look at the memory of one", number(p.atOnce()))
	case p.inEach() > fewThreads:
		few = fmt.Sprintf("%s at once are many: in a loop, one that waits takes less than a thread", number(p.atOnce()))
	case p.loops() > 1:
		few = fmt.Sprintf("threads manage %s at once in a process", number(p.inEach()))
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
		add("a task only waits, and waiting takes no CPU and no GIL; %s", few)
	case p.Wait == 0:
		add("a task only computes, but all are open, and those that are not at work need a place to wait; %s", few)
	default:
		add("a task computes %s and waits for the rest, and waiting takes no CPU and no GIL; %s", share, few)
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

// formula says how many, with the numbers in: a law a line.
func (p Profile) formula() string {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	if p.CPU == 0 {
		add("workers = tasks = %s, for nothing needs a CPU", number(p.Tasks))
	} else {
		rounded := ""
		switch enough := p.enough(); {
		case enough > float64(p.Tasks):
			rounded = fmt.Sprintf(", but there are only %s tasks", number(p.Tasks))
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
			answers = append(answers, then.inPython()+" in both languages")
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
		try("if a crash may take everything down", func(o *Profile) { o.Isolate = false })
	} else {
		try("if one task's crash mustn't take the others down", func(o *Profile) { o.Isolate = true })
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
