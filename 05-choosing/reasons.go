package main

import (
	"fmt"
	"math"
	"time"

	"concurrency-notebook/internal/measure"
)

// What Choose says of its answer, in words: why, how many, and what would change
// it.

const (
	longTurn  = 10 * time.Millisecond // of a loop: whatever waits for it notices
	smallTask = 50 * time.Microsecond // about what a call to a worker of Python takes
	manyFiles = 1000                  // about what a system lets a program open, unless asked
	manyAsked = 10                    // at once, of the same server: not every one likes that
)

// reasons says why the answer is what it is, and what to mind.
func (p Profile) reasons() (reasons []string) {
	add := func(format string, args ...any) { reasons = append(reasons, fmt.Sprintf(format, args...)) }
	first := func(format string, args ...any) {
		add(format, args...)
		reasons = append(reasons[len(reasons)-1:], reasons[:len(reasons)-1]...)
	}
	python, inGo := p.pick()
	loops, overloaded := p.loops(), p.Open && p.want() > float64(p.CPUs)
	switch {
	case inGo == Processes:
		add("a crash takes down whatever shares its process, so each task gets a process of its own")
		add("if a task is a command, it's a process already: give it after --")
		add("after a crash, multiprocessing.Pool waits for the lost task for ever, and ProcessPoolExecutor gives up everything that isn't done: submit that again")
	case p.Tasks == 1:
		add("there's nothing to run beside a single task")
	case python == OneAfterAnother:
		add("one at a time already keeps the CPU busy: more at once would hardly be done sooner")
	case python == Processes:
		add("a task computes for %s of its time, and of the threads in a CPython process only one at a time runs Python code; goroutines use all CPUs", p.share())
	case p.Command:
		add("a command is a process already: it keeps a crash to itself, and your program only waits for its end; %s", p.crowd())
	case p.CPU == 0:
		add("a task only waits, and waiting needs neither a CPU nor the GIL; %s", p.crowd())
	case p.Released == 1 && p.want() > 1:
		add("the computing doesn't need the GIL, so threads of one process use all CPUs; %s", p.crowd())
	case loops > 1:
		add("a task computes for %s of its time, and a CPython process computes on one CPU: hence %s of them; %s", p.share(), number(loops), p.crowd())
	default:
		add("a task computes for %s of its time and waits for the rest, and waiting needs neither a CPU nor the GIL; %s", p.share(), p.crowd())
	}
	if p.atOnce() > fewThreads && inGo == Processes {
		add("%s processes are many: look at the memory of one first, and let several tasks share one if you can lose them together", number(p.atOnce()))
	}
	all := p.timeOfAll()
	longer := fmt.Sprintf("take %v instead of %v", short(all), short(p.time()))
	if all.Seconds() > 1000*p.time().Seconds() {
		longer = "only wait for its turn"
	}
	switch {
	case overloaded:
		first("together they want %s CPUs, and there %s: whatever you choose, a task takes %v instead of %v; get more CPUs, or turn some away", number(int(math.Round(min(p.want(), math.MaxInt32)))), isOrAre(p.CPUs), short(all), short(p.time()))
	case p.Workers() < p.Tasks && inGo != OneAfterAnother && !p.Open:
		add("%s at once keep the CPUs busy: with all %s at once, hardly more would get done, and each would %s", number(p.Workers()), number(p.Tasks), longer)
	}
	if p.Open && p.Workers() < p.Tasks && python == Processes && inGo != Processes {
		add("take them in with asyncio or a web server, hand each to a pool of %s, and say no (503) when the line is long", number(p.Workers()))
	}
	if p.held() < p.CPU && p.CPUs > 1 && !p.Command && p.Workers() > 1 {
		add("a library that has threads of its own, as NumPy's BLAS has, would start them in each: set OMP_NUM_THREADS=1")
	}
	switch {
	case inGo == Processes || p.Command:
	case p.atOnce() > manyFiles:
		add("%s at once may need as many open files, and whatever answers them may limit you", number(p.atOnce()))
	case !p.Open && p.Wait > 0 && p.atOnce() > manyAsked:
		first("whatever they wait for has to serve %s at once, and may limit you: then take fewer", number(p.atOnce()))
	}
	if python == Asyncio && !p.Command && p.CPU > longTurn {
		helper := fmt.Sprintf("a pool of %s processes", number(max(loops, 2)))
		if p.Released == 1 {
			helper = "asyncio.to_thread"
		}
		add("while one task computes for %v, its loop serves nobody else: rather hand this part to %s", short(p.CPU), helper)
	}
	if python == Processes && !p.Isolate && p.time() < smallTask {
		add("a task of %v is less than it takes to hand it to a process: hand over many at a time", short(p.time()))
	}
	return reasons
}

// share says for which part of its time a task computes.
func (p Profile) share() string {
	switch part := fmt.Sprintf("%.0f %%", 100*float64(p.CPU)/max(float64(p.time()), 1)); {
	case part == "0 %":
		return "less than 1 %"
	case part == "100 %" && p.Wait > 0:
		return "more than 99 %"
	case part == "100 %":
		return "all"
	default:
		return part
	}
}

// crowd says what so many at once mean.
func (p Profile) crowd() string {
	where := ""
	if p.loops() > 1 {
		where = " in each"
	}
	switch python, _ := p.pick(); {
	case p.Coroutine:
		return fmt.Sprintf("%s coroutines%s are no burden", number(p.inEach()), where)
	case python == Threads:
		return fmt.Sprintf("%s threads%s are fine", number(p.inEach()), where)
	case p.Command:
		return fmt.Sprintf("%s at once are many processes: look at the memory of one", number(p.atOnce()))
	default:
		return fmt.Sprintf("%s threads are a lot, and an event loop takes less memory for each task", number(p.atOnce()))
	}
}

// about rounds an estimate: its third digit would be made up.
func about(d time.Duration) string {
	const little = 10 * time.Microsecond
	if d < little {
		return fmt.Sprintf("less than %v", little)
	}
	return fmt.Sprintf("about %v", d.Round(10*digits(d)))
}

func onlyTasks(n int) string {
	if n == 1 {
		return "is only 1 task"
	}
	return fmt.Sprintf("are only %s tasks", number(n))
}

// build says with what one builds it, if it's several processes that each run
// many tasks.
func (p Profile) build() string {
	python, _ := p.pick()
	n, each := number(p.loops()), number(p.inEach())
	switch {
	case p.loops() == 1:
		return ""
	case python == Asyncio && p.Open:
		return fmt.Sprintf("uvicorn --workers %s, for example", n)
	case python == Threads && p.Open:
		return fmt.Sprintf("gunicorn --workers %s --threads %s, for example", n, each)
	case python == Asyncio:
		return fmt.Sprintf("a ProcessPoolExecutor(%s); hand each process a share of the tasks, and let it run them in one asyncio.run(), %s at a time", n, each)
	case python == Threads:
		return fmt.Sprintf("a ProcessPoolExecutor(%s); hand each process a share of the tasks, and let it run them in a ThreadPoolExecutor(%s)", n, each)
	}
	return ""
}

func isOrAre(n int) string {
	if n == 1 {
		return "is 1"
	}
	return "are " + number(n)
}

// formula says how many, with the numbers in: a law a line.
func (p Profile) formula() (lines []string) {
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	python, _ := p.pick()
	switch {
	case p.CPU == 0 && p.Open:
		add("busy CPUs = 0, since nothing needs one")
	case p.CPU == 0:
		add("workers = tasks = %s, since nothing needs a CPU", number(p.Tasks))
	case p.Open:
		add("busy CPUs = connections x cpu / (cpu + wait) = %s x %v / %v = %s", number(p.Tasks), short(p.CPU), short(p.time()), measure.Number(p.want()))
		if busy, queue := p.load(); p.held() > 0 && (python == Threads || python == Asyncio) && queue < math.MaxInt64 {
			process := "a process"
			if p.loops() > 1 {
				process = "each process"
			}
			add("%s is %.0f %% busy with Python code, so a task waits %s for its turn (M/D/1)", process, 100*busy, about(queue))
		}
	default:
		rounded := ""
		switch enough := p.enough(); {
		case enough > float64(p.Tasks):
			rounded = ", but there " + onlyTasks(p.Tasks)
		case math.Abs(enough-float64(p.Workers())) >= 0.005:
			rounded = fmt.Sprintf(", so %s", number(p.Workers()))
		}
		add("workers = CPUs x (1 + wait/cpu) = %d x (1 + %v/%v) = %s%s", p.CPUs, short(p.Wait), short(p.CPU), whole(p.enough()), rounded)
	}
	if p.time() > 0 {
		underWay, each := p.running(), p.time()
		if p.Open && p.want() > float64(p.CPUs) { // all are, and take as long as all of them
			underWay, each = float64(p.Tasks), p.timeOfAll()
		}
		add("rate = tasks under way / time = %s / %v = %s a second (Little's law)", whole(underWay), short(each), measure.Number(p.rate()))
	}
	if held := p.held(); !p.Open && held > 0 && p.Wait > 0 && float64(p.time())/float64(held) < float64(p.Tasks) {
		add("under one GIL they'd be done at most time/cpu = %v/%v = %s times as fast as one after another (Amdahl's law)", short(p.time()), short(held), whole(float64(p.time())/float64(held)))
	}
	return lines
}

// whole formats a number without decimals, where it needs none.
func whole(x float64) string {
	if x == math.Trunc(x) && x < 1e9 {
		return number(int(x))
	}
	return measure.Number(x)
}

// A quantity is a number of a profile that may change.
type quantity struct {
	value, low, high int64
	what, less       string // "%s tasks", and the opposite of "more"
	set              func(*Profile, int64)
	say              func(int64) string
	round            func(n, step int64) int64 // in the direction of the step
}

// quantities returns them. A time may well come to be ten times as long, or
// as short, but hardly more.
func (p Profile) quantities() []quantity {
	tasks := quantity{int64(p.Tasks), 2, most, "%s tasks", "fewer",
		func(o *Profile, n int64) { o.Tasks = int(n) },
		func(n int64) string { return number(int(n)) }, func(n, _ int64) int64 { return n }}
	if p.Open {
		tasks.what = "%s connections"
	}
	times := func(what string, now time.Duration, set func(*Profile, time.Duration)) quantity {
		say := func(n int64) string { return time.Duration(n).String() }
		round := func(n, step int64) int64 {
			if d := time.Duration(n); step < 0 {
				return int64(d.Truncate(digits(d)))
			}
			return int64(up(time.Duration(n)))
		}
		toSet := func(o *Profile, n int64) { set(o, time.Duration(n)) }
		return quantity{int64(now), int64(max(now/10, time.Microsecond)), int64(10 * min(now, longest/10)), what, "less", toSet, say, round}
	}
	return []quantity{
		tasks,
		times("a task that computes for %s", p.CPU, func(o *Profile, d time.Duration) { o.CPU = d }),
		times("a task that waits for %s", p.Wait, func(o *Profile, d time.Duration) { o.Wait = d }),
	}
}

// A border is where a quantity changes the answer.
type border struct {
	what  string
	near  float64 // how many times as large the quantity is there, or as small
	after bool    // another one, in the same direction
	then  Advice
}

// borders returns those of each quantity: upwards, and downwards.
func (p Profile) borders() (borders []border) {
	for _, q := range p.quantities() {
		borders = append(borders, p.walk(q, 1, q.high, "more")...)
		borders = append(borders, p.walk(q, -1, q.low, q.less)...)
	}
	return borders
}

// walk returns those in one direction. No answer comes back that was left: so each
// next one can be searched for by halves.
func (p Profile) walk(q quantity, step, end int64, more string) (borders []border) {
	at := func(n int64) Advice { o := p; q.set(&o, n); return o.advice() }
	for n := q.value; ; {
		now, left := at(n), max((end-n)*step, 0)
		like, other := int64(0), left+1 // so many steps away, an answer like now's, and another
		for other-like > 1 {
			if half := like + (other-like)/2; now.like(at(n + step*half)) {
				like = half
			} else {
				other = half
			}
		}
		if other > left {
			return borders
		}
		n = q.round(n+step*other, step)
		what := q.say(n)
		if len(borders) == 0 {
			what = fmt.Sprintf(q.what, what)
		}
		near := float64(max(n, q.value)) / float64(min(n, q.value))
		borders = append(borders, border{what + " or " + more, near, len(borders) > 0, at(n)})
	}
}

// closeCall returns the nearest other answer for Python, if it's so near that the
// numbers hardly tell which is right.
func closeCall(borders []border) string {
	const hardly = 1.1
	nearest := border{near: hardly}
	for _, b := range borders {
		if b.near < nearest.near {
			nearest = b
		}
	}
	return nearest.then.inPython()
}

// besides says what an answer is, and in which language it differs from another.
func (a Advice) besides(b Advice) string {
	switch python := a.inPython(); {
	case python == string(a.Go) && python != b.inPython() && a.Go != b.Go:
		return python + " in both languages"
	case a.Go == b.Go && a.ToThreads:
		return python + ", in Python"
	case a.Go == b.Go:
		return python + " in Python"
	case python == b.inPython():
		return string(a.Go) + " in Go"
	default:
		return fmt.Sprintf("%s in Python, %s in Go", python, a.Go)
	}
}

// changes tells what would change the answer: a number, or something else that
// could be different.
func (p Profile) changes(borders []border) (changes []string) {
	now := p.advice()
	add := func(what string, then Advice) {
		changes = append(changes, what+": "+then.besides(now))
	}
	try := func(what string, change func(*Profile)) {
		other := p
		change(&other)
		if then := other.sensible().advice(); !then.like(now) {
			add(what, then)
		}
	}
	before := now
	for _, b := range borders {
		switch {
		case !b.after:
			add(b.what, b.then)
		case b.then.Go == before.Go:
			changes[len(changes)-1] += fmt.Sprintf("; %s: %s", b.what, b.then.inPython())
		default:
			changes[len(changes)-1] += fmt.Sprintf("; %s: %s", b.what, b.then.besides(before))
		}
		before = b.then
	}
	if !p.Open {
		try("if all are there at once, like clients", func(o *Profile) { o.Open = true })
	}
	if p.held() > 0 {
		try("if the computing releases the GIL (as hashing, compression, NumPy do), or your Python has none", func(o *Profile) { o.Released = 1 })
	}
	if p.Released > 0 {
		try("if all of the computing holds the GIL", func(o *Profile) { o.Released = 0 })
	}
	if p.CPUs == 1 {
		try("twice the CPUs", func(o *Profile) { o.CPUs = 2 })
	}
	if p.Command {
		try("the same work as a function of the program", func(o *Profile) { o.Command = false })
	}
	if p.Open && (now.Python == Processes || p.loops() > 1) && !p.Isolate && !p.Command {
		changes = append(changes, "if they all change one state, as a game's world: one process in Python, since processes share no memory, or Go")
	}
	if p.Isolate {
		try("if a crash may take everything down", func(o *Profile) { o.Isolate = false })
	} else if !p.Command {
		changes = append(changes, "if one task's crash mustn't take the others down: a process each, in both languages")
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
