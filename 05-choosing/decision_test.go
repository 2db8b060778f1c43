package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestChoose(t *testing.T) {
	const ms, s = time.Millisecond, time.Second
	for _, c := range []struct {
		name      string
		p         Profile
		python    string
		inGo      Model
		workers   int
		processes int
	}{
		{"computing", Profile{CPU: s, Tasks: 4, CPUs: 2}, "processes", Goroutines, 2, 2},
		{"computing as much as waiting", Profile{CPU: s, Wait: s, Tasks: 4, CPUs: 2}, "processes", Goroutines, 4, 4},
		{"computing a little less than waiting", Profile{CPU: s - 1, Wait: s, Tasks: 4, CPUs: 2}, "threads in 2 processes", Goroutines, 4, 2},
		{"two halves are one CPU, if they never meet", Profile{CPU: s, Wait: s, Tasks: 2, CPUs: 2}, "threads", Goroutines, 2, 1},
		{"a little more is more", Profile{CPU: s + 1, Wait: s, Tasks: 2, CPUs: 2}, "processes", Goroutines, 2, 2},
		{"a hundred threads, of all processes together", Profile{CPU: ms, Wait: 99 * ms, Tasks: 100, Open: true, CPUs: 2}, "threads in 2 processes", Goroutines, 100, 2},
		{"and not one more", Profile{CPU: ms, Wait: 99 * ms, Tasks: 101, Open: true, CPUs: 2}, "asyncio in 2 processes", Goroutines, 101, 2},
		{"fewer tasks than CPUs", Profile{CPU: s, Tasks: 3, CPUs: 8}, "processes", Goroutines, 3, 3},
		{"waiting on few", Profile{CPU: ms, Wait: s, Tasks: 100, CPUs: 2}, "threads", Goroutines, 100, 1},
		{"waiting on many", Profile{CPU: ms, Wait: s, Tasks: 101, CPUs: 2}, "asyncio", Goroutines, 101, 1},
		{"a process that has to answer may be 70 % busy", Profile{CPU: ms, Wait: s, Tasks: 700, Open: true, CPUs: 2}, "asyncio", Goroutines, 700, 1},
		{"and not more", Profile{CPU: ms, Wait: s, Tasks: 701, Open: true, CPUs: 2}, "asyncio in 2 processes", Goroutines, 701, 2},
		{"in a queue it may be all busy", Profile{CPU: ms, Wait: 499 * ms, Tasks: 500, CPUs: 2}, "asyncio", Goroutines, 500, 1},
		{"without the GIL one process will do", Profile{CPU: s, Tasks: 8, CPUs: 8, Released: 1}, "threads", Goroutines, 8, 1},
		{"half of it is with the GIL", Profile{CPU: s, Tasks: 8, CPUs: 8, Released: 0.5}, "processes", Goroutines, 8, 8},
		{"a tenth of it is with the GIL", Profile{CPU: s, Tasks: 8, CPUs: 8, Released: 0.9}, "threads", Goroutines, 8, 1},
		{"many are open, few can be at work", Profile{CPU: 2 * ms, Wait: 80 * ms, Tasks: 5000, Open: true, CPUs: 2}, "asyncio in 2 processes", Goroutines, 82, 2},
		{"the same in a queue", Profile{CPU: 2 * ms, Wait: 80 * ms, Tasks: 5000, CPUs: 2}, "threads in 2 processes", Goroutines, 82, 2},
		{"a worker more, not less", Profile{CPU: 3 * ms, Wait: 10 * ms, Tasks: 5000, CPUs: 2}, "threads in 2 processes", Goroutines, 9, 2},
		{"as many processes as are needed", Profile{CPU: ms, Wait: 9 * ms, Tasks: 25, CPUs: 8}, "threads in 3 processes", Goroutines, 25, 3},
		{"the nearest number", Profile{CPU: 10 * ms, Wait: 2844500 * time.Microsecond, Tasks: 5000, CPUs: 2}, "asyncio in 2 processes", Goroutines, 571, 2},
		{"nothing but waiting", Profile{Wait: s, Tasks: 5000, CPUs: 2}, "asyncio", Goroutines, 5000, 1},
		{"a single one", Profile{CPU: s, Wait: s, Tasks: 1, CPUs: 2}, "one after another", OneAfterAnother, 1, 1},
		{"two", Profile{CPU: ms, Wait: s, Tasks: 2, CPUs: 2}, "threads", Goroutines, 2, 1},
		{"one CPU, computing", Profile{CPU: s, Tasks: 10, CPUs: 1}, "one after another", OneAfterAnother, 1, 1},
		{"one CPU, computing and hardly waiting", Profile{CPU: s, Wait: ms, Tasks: 10, CPUs: 1}, "one after another", OneAfterAnother, 1, 1},
		{"one CPU, computing and waiting a little", Profile{CPU: s, Wait: s / 10, Tasks: 10, CPUs: 1}, "threads", Goroutines, 2, 1},
		{"one CPU, many open", Profile{CPU: s, Wait: s, Tasks: 1000, Open: true, CPUs: 1}, "asyncio", Goroutines, 2, 1},
		{"one CPU, many open, nothing to wait for", Profile{CPU: s, Tasks: 1000, Open: true, CPUs: 1}, "asyncio", Goroutines, 1, 1},
		{"many open that compute", Profile{CPU: 2 * s, Wait: s, Tasks: 5000, Open: true, CPUs: 2}, "processes", Goroutines, 3, 3},
		{"a few open that compute", Profile{CPU: 2 * s, Wait: s, Tasks: 50, Open: true, CPUs: 2}, "processes", Goroutines, 3, 3},
		{"a server that only computes", Profile{CPU: 250 * ms, Tasks: 50, Open: true, CPUs: 8}, "processes", Goroutines, 8, 8},
		{"a process for each is no thread in each", Profile{CPU: 120 * ms, Wait: 80 * ms, Tasks: 6, Open: true, CPUs: 8}, "processes", Goroutines, 6, 6},
		{"nor is one thread of two", Profile{CPU: 49 * ms, Wait: 51 * ms, Tasks: 2, Open: true, CPUs: 8}, "threads", Goroutines, 2, 1},
		{"a server that only computes, without the GIL", Profile{CPU: 20 * ms, Tasks: 200, Open: true, Released: 1, CPUs: 8}, "asyncio, computing in threads (asyncio.to_thread)", Goroutines, 8, 1},
		{"a server that computes a little, without the GIL", Profile{CPU: 2 * ms, Wait: 80 * ms, Tasks: 200, Open: true, Released: 1, CPUs: 8}, "asyncio, computing in threads (asyncio.to_thread)", Goroutines, 200, 1},
		{"a few coroutines", Profile{CPU: 28 * time.Microsecond, Wait: s, Tasks: 50, Coroutine: true, CPUs: 2}, "asyncio", Goroutines, 50, 1},
		{"many coroutines", Profile{CPU: 28 * time.Microsecond, Wait: s, Tasks: 20_000, Open: true, Coroutine: true, CPUs: 2}, "asyncio", Goroutines, 20_000, 1},
		{"coroutines that compute", Profile{CPU: s, Tasks: 50, Coroutine: true, CPUs: 2}, "processes", Goroutines, 2, 2},
		{"two CPUs, computing and hardly waiting", Profile{CPU: s, Wait: ms, Tasks: 10, CPUs: 2}, "processes", Goroutines, 2, 2},
		{"two CPUs, computing and waiting a little", Profile{CPU: s, Wait: s / 10, Tasks: 10, CPUs: 2}, "processes", Goroutines, 3, 3},
		{"a single one that may crash", Profile{CPU: s, Tasks: 1, Isolate: true, CPUs: 2}, "processes", Processes, 1, 1},
		{"many that may crash", Profile{Wait: s, Tasks: 5000, Isolate: true, CPUs: 2}, "processes", Processes, 5000, 5000},
		{"a command that computes", Profile{CPU: s, Tasks: 10, Command: true, CPUs: 2}, "threads", Goroutines, 2, 1},
		{"a command keeps a crash to itself", Profile{CPU: s, Tasks: 10, Command: true, Isolate: true, CPUs: 2}, "threads", Goroutines, 2, 1},
		{"many commands", Profile{CPU: ms, Wait: s, Tasks: 500, Command: true, CPUs: 2}, "asyncio", Goroutines, 500, 1},
		{"nothing to do", Profile{}, "one after another", OneAfterAnother, 1, 1},
		{"no sense at all", Profile{CPU: -1, Wait: math.MinInt64, Tasks: -5, CPUs: -2}, "one after another", OneAfterAnother, 1, 1},
		{"for ever", Profile{CPU: math.MaxInt64, Wait: math.MaxInt64, Tasks: math.MaxInt, CPUs: math.MaxInt}, "processes", Goroutines, most, most},
	} {
		a := Choose(c.p)
		require.Equal(t, c.python, a.inPython(), c.name)
		require.Equal(t, c.inGo, a.Go, c.name)
		require.Equal(t, c.workers, a.Workers, c.name)
		require.Equal(t, c.processes, a.Processes, c.name)
		require.NotEmpty(t, a.Changes, c.name)
	}
}

func TestReasons(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		p    Profile
		says string
	}{
		{Profile{CPU: ms, Tasks: 2, CPUs: 2, Isolate: true}, "each task gets a process of its own"},
		{Profile{CPU: ms, Tasks: 2, CPUs: 2, Isolate: true}, "multiprocessing.Pool waits for the lost task for ever"},
		{Profile{Wait: ms, Tasks: 101, CPUs: 2, Isolate: true}, "101 processes are many"},
		{Profile{CPU: ms, Tasks: 1, CPUs: 2}, "nothing to run beside a single task"},
		{Profile{CPU: ms, Tasks: 2, CPUs: 1}, "one at a time already keeps the CPU busy"},
		{Profile{CPU: ms, Tasks: 2, CPUs: 2}, "only one at a time runs Python code"},
		{Profile{CPU: ms, Wait: 9 * ms, Tasks: 2, CPUs: 2}, "computes for 10 % of its time"},
		{Profile{CPU: ms, Wait: time.Hour, Tasks: 2, CPUs: 2}, "computes for less than 1 % of its time"},
		{Profile{CPU: ms, Wait: 9 * ms, Tasks: 201, Open: true, CPUs: 2}, "201 threads are a lot"},
		{Profile{CPU: ms, Wait: 9 * ms, Tasks: 2, CPUs: 2, Command: true}, "a command is a process already"},
		{Profile{CPU: ms, Wait: 9 * ms, Tasks: 2000, CPUs: 2}, "20 at once keep the CPUs busy: with all 2,000 at once, hardly more would get done, and each would take 1s instead of 10ms"},
		{Profile{CPU: ms, Wait: 9 * ms, Tasks: 2000, CPUs: 2}, "a CPython process computes on one CPU: hence 2 of them; 10 threads in each are fine"},
		{Profile{CPU: 11 * ms, Wait: time.Second, Tasks: 2000, Open: true, CPUs: 2}, "while one task computes for 11ms, its loop serves nobody else: rather hand this part to a pool of 2 processes"},
		{Profile{CPU: 2 * ms, Wait: 80 * ms, Tasks: 5000, Open: true, CPUs: 2}, "together they want 122 CPUs, and there are 2: whatever you choose, a task takes 5s instead of 82ms; get more CPUs, or turn some away"},
		{Profile{CPU: time.Second, Wait: ms, Tasks: 10, Open: true, CPUs: 2}, "for more than 99 % of its time"},
		{Profile{CPU: ms, Wait: 9 * ms, Tasks: 50, CPUs: 8}, "10 threads in each are fine"},
		{Profile{CPU: 20 * time.Microsecond, Tasks: 2000, CPUs: 2}, "hand over many at a time"},
		{Profile{Wait: ms, Tasks: 1001, CPUs: 2}, "a task only waits"},
		{Profile{Wait: ms, Tasks: 1001, CPUs: 2}, "1,001 at once may need as many open files"},
		{Profile{Wait: ms, Tasks: 101, CPUs: 2, Command: true}, "101 at once are many processes"},
		{Profile{CPU: ms, Tasks: 1001, Open: true, CPUs: 2}, "take them in with asyncio or a web server, hand each to a pool of 2, and say no (503) when the line is long"},
		{Profile{CPU: 20 * ms, Tasks: 200, Open: true, Released: 1, CPUs: 8}, "threads of one process use all CPUs"},
		{Profile{CPU: 20 * ms, Tasks: 200, Open: true, Released: 1, CPUs: 8}, "set OMP_NUM_THREADS=1"},
		{Profile{CPU: 2 * ms, Wait: 10 * ms, Tasks: 1_000_000, CPUs: 2}, "hardly more would get done, and each would only wait for its turn"},
		{Profile{CPU: ms, Tasks: 2, CPUs: 2, Isolate: true}, "if a task is a command, it's a process already: give it after --"},
		{Profile{CPU: ms, Wait: time.Second, Tasks: 50, CPUs: 2, Coroutine: true}, "50 coroutines are no burden"},
	} {
		require.Contains(t, strings.Join(Choose(c.p).Reasons, "\n"), c.says)
	}
	isolated := Choose(Profile{CPU: time.Microsecond, Tasks: 2, CPUs: 2, Isolate: true})
	require.NotContains(t, strings.Join(isolated.Reasons, "\n"), "many at a time", "they would crash together")
	for _, quiet := range []Profile{
		{CPU: ms, Wait: 9 * ms, Tasks: 5, CPUs: 2},
		{CPU: ms, Tasks: 2, CPUs: 2},
		{CPU: 10 * ms, Wait: time.Second, Tasks: 101, Open: true, CPUs: 2},
	} {
		require.Len(t, Choose(quiet).Reasons, 1, "of what does not matter nothing is said: %+v", quiet)
	}
}

// With what to build it is said where it's several processes of many tasks each.
func TestHowToBuildIt(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		p    Profile
		says string
	}{
		{Profile{CPU: 2 * ms, Wait: 80 * ms, Tasks: 5000, Open: true, CPUs: 2}, "uvicorn --workers 2, for example"},
		{Profile{CPU: 8 * ms, Wait: 40 * ms, Tasks: 20, Open: true, CPUs: 4}, "gunicorn --workers 4 --threads 5, for example"},
		{Profile{CPU: 2 * ms, Wait: 80 * ms, Tasks: 5000, CPUs: 2}, "a ProcessPoolExecutor(2); hand each process a share of the tasks, and let it run them in a ThreadPoolExecutor(41)"},
		{Profile{CPU: ms, Wait: 300 * ms, Tasks: 5000, CPUs: 2}, "a ProcessPoolExecutor(2); hand each process a share of the tasks, and let it run them in one asyncio.run(), 301 at a time"},
		{Profile{CPU: ms, Tasks: 5, CPUs: 2}, ""},
		{Profile{CPU: ms, Wait: 300 * ms, Tasks: 5, CPUs: 2}, ""},
		{Profile{CPU: ms, Tasks: 1, CPUs: 2, Isolate: true}, ""},
	} {
		require.Equal(t, c.says, Choose(c.p).Build, "%+v", c.p)
	}
}

// An estimate is given as one.
func TestAbout(t *testing.T) {
	for d, want := range map[time.Duration]string{
		542: "less than 10µs", 166 * time.Microsecond: "about 170µs", 12345 * time.Microsecond: "about 12ms",
	} {
		require.Equal(t, want, about(d))
	}
}

func TestFormula(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		p    Profile
		says string
	}{
		{Profile{CPU: 3 * ms, Wait: 10 * ms, Tasks: 1000, CPUs: 2}, `
workers = CPUs x (1 + wait/cpu) = 2 x (1 + 10ms/3ms) = 8.67, so 9
rate = tasks under way / time = 8.67 / 13ms = 667 a second (Little's law)
under one GIL they'd be done at most time/cpu = 13ms/3ms = 4.33 times as fast as one after another (Amdahl's law)`},
		{Profile{CPU: ms, Wait: 200 * ms, Tasks: 10, CPUs: 2}, `
workers = CPUs x (1 + wait/cpu) = 2 x (1 + 200ms/1ms) = 402, but there are only 10 tasks
rate = tasks under way / time = 10 / 201ms = 49.8 a second (Little's law)`},
		{Profile{CPU: 329 * ms, Wait: 98600 * time.Microsecond, Tasks: 100, CPUs: 4}, `
workers = CPUs x (1 + wait/cpu) = 4 x (1 + 98.6ms/329ms) = 5.20, so 5
rate = tasks under way / time = 5 / 428ms = 11.7 a second (Little's law)
under one GIL they'd be done at most time/cpu = 428ms/329ms = 1.30 times as fast as one after another (Amdahl's law)`},
		{Profile{CPU: ms, Wait: 80 * ms, Tasks: 1, CPUs: 2}, `
workers = CPUs x (1 + wait/cpu) = 2 x (1 + 80ms/1ms) = 162, but there is only 1 task
rate = tasks under way / time = 1 / 81ms = 12.3 a second (Little's law)`},
		{Profile{CPU: ms, Tasks: 5, CPUs: 2}, `
workers = CPUs x (1 + wait/cpu) = 2 x (1 + 0s/1ms) = 2
rate = tasks under way / time = 2 / 1ms = 2,000 a second (Little's law)`},
		{Profile{CPU: 2 * ms, Wait: 80 * ms, Tasks: 5000, CPUs: 2, Command: true}, `
workers = CPUs x (1 + wait/cpu) = 2 x (1 + 80ms/2ms) = 82
rate = tasks under way / time = 82 / 82ms = 1,000 a second (Little's law)`},
		{Profile{Wait: 200 * ms, Tasks: 5000, CPUs: 2}, `
workers = tasks = 5,000, since nothing needs a CPU
rate = tasks under way / time = 5,000 / 200ms = 25,000 a second (Little's law)`},
	} {
		require.Equal(t, c.says, "\n"+strings.Join(Choose(c.p).Formula, "\n"))
	}
}

func TestChanges(t *testing.T) {
	const ms = time.Millisecond
	const (
		released = "if the computing releases the GIL (as hashing, compression, NumPy do), or your Python has none"
		oneState = "if they all change one state, as a game's world: one process in Python, since processes share no memory, or Go"
		isolated = "if one task's crash mustn't take the others down: a process each, in both languages"
	)
	for _, c := range []struct {
		p    Profile
		says []string
	}{
		{Profile{CPU: 2 * ms, Wait: 80 * ms, Tasks: 5000, Open: true, CPUs: 2}, []string{
			"100 connections or fewer: threads in 2 processes in Python; 28 or fewer: threads", released + ": asyncio, computing in threads (asyncio.to_thread), in Python", oneState, isolated,
		}},
		{Profile{CPU: ms, Wait: 20 * time.Second, Tasks: 5001, Open: true, CPUs: 2}, []string{
			"14,001 connections or more: asyncio in 2 processes in Python",
			"100 connections or fewer: threads in Python",
			"a task that computes for 2.8ms or more: asyncio in 2 processes in Python",
			"a task that waits for 7.14s or less: asyncio in 2 processes in Python", isolated,
		}},
		{Profile{CPU: ms, Tasks: 50, CPUs: 2}, []string{
			released + ": threads in Python",
			"if one task's crash mustn't take the others down: a process each, in both languages",
		}},
		{Profile{CPU: ms, Wait: ms / 4, Tasks: 50, CPUs: 2}, []string{
			"a task that computes for 249µs or less: threads in 2 processes in Python",
			"a task that waits for 1.01ms or more: threads in 2 processes in Python", released + ": threads in Python",
			"if one task's crash mustn't take the others down: a process each, in both languages",
		}},
		{Profile{CPU: ms, Tasks: 50, CPUs: 1}, []string{
			"if all are there at once, like clients: threads in Python, goroutines in Go",
			"twice the CPUs: processes in Python, goroutines in Go", isolated,
		}},
		{Profile{CPU: ms, Tasks: 8, CPUs: 2, Released: 1}, []string{
			"if all of the computing holds the GIL: processes in Python", isolated,
		}},
		{Profile{CPU: ms, Wait: 300 * ms, Tasks: 5000, CPUs: 2, Command: true}, []string{
			"100 tasks or fewer: threads in Python",
			"a task that computes for 6.1ms or more: threads in Python",
			"a task that waits for 49.2ms or less: threads in Python",
			"the same work as a function of the program: asyncio in 2 processes in Python",
		}},
		{Profile{CPU: ms, Wait: 200 * ms, Tasks: 120, Open: true, CPUs: 2}, []string{
			"141 connections or more: asyncio in 2 processes in Python",
			"100 connections or fewer: threads in Python",
			"a task that computes for 1.18ms or more: asyncio in 2 processes in Python",
			"a task that waits for 170ms or less: asyncio in 2 processes in Python", isolated,
		}},
		{Profile{CPU: ms, Tasks: 1, CPUs: 2}, []string{
			"2 tasks or more: processes in Python, goroutines in Go",
			"if one task's crash mustn't take the others down: a process each, in both languages",
		}},
		{Profile{CPU: ms, Tasks: 1, CPUs: 2, Isolate: true}, []string{
			"if a crash may take everything down: one after another in both languages",
		}},
	} {
		require.Equal(t, c.says, Choose(c.p).Changes, "%+v", c.p)
	}
}

// likelyProfile is one at random that a reader may have.
func likelyProfile(r *rand.Rand) Profile {
	span := func(low, high float64) float64 { return low * math.Pow(high/low, r.Float64()) }
	return Profile{
		CPU: inSeconds(span(1e-5, 1)), Wait: inSeconds(span(1e-5, 10)), Tasks: int(span(2, 1e5)), Open: r.IntN(2) == 0,
		Coroutine: r.IntN(8) == 0, Command: r.IntN(8) == 0, CPUs: 1 + r.IntN(16), Released: []float64{0, 0, 0.5, 1}[r.IntN(4)],
	}
}

// numbers are those of a profile along which the answer may change.
var numbers = []struct {
	name      string
	low, high float64
	get       func(Profile) float64
	set       func(*Profile, float64)
}{
	{"task", 1, 1e5, func(p Profile) float64 { return float64(p.Tasks) }, func(p *Profile, x float64) { p.Tasks = int(x) }},
	{"computes", 1e3, 1e11, func(p Profile) float64 { return float64(p.CPU) }, func(p *Profile, x float64) { p.CPU = time.Duration(x) }},
	{"waits", 1e3, 1e11, func(p Profile) float64 { return float64(p.Wait) }, func(p *Profile, x float64) { p.Wait = time.Duration(x) }},
}

// While one number grows, no answer comes back that was left.
func TestNoZigzag(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 2))
	for range 200 {
		for _, number := range numbers {
			p := likelyProfile(r)
			var left []string
			for x := number.low; x < number.high; x *= 1.02 {
				number.set(&p, x)
				answer := p.advice().inPython()
				if n := len(left); n == 0 || left[n-1] != answer {
					require.NotContains(t, left, answer, "seed %d: %s of %+v", seed, number.name, p)
					left = append(left, answer)
				}
			}
		}
	}
}

// The borders are those that one finds by asking for each number.
func TestMoreConnections(t *testing.T) {
	p := Profile{CPU: time.Millisecond, Wait: 200 * time.Millisecond, Tasks: 50, Open: true, CPUs: 2}
	with := func(n int) Advice { o := p; o.Tasks = n; return o.advice() }
	var asked []string
	for n := p.Tasks + 1; n <= 5000; n++ {
		if then := with(n); !then.like(with(n - 1)) {
			asked = append(asked, fmt.Sprintf("%d or more: %s", n, then.inPython()))
		}
	}
	require.Equal(t, []string{"101 or more: asyncio", "141 or more: asyncio in 2 processes"}, asked)
	require.Equal(t, "101 connections or more: asyncio in Python; 141 or more: asyncio in 2 processes", Choose(p).Changes[0])

	p.Tasks = 5000
	require.Equal(t, "140 connections or fewer: asyncio in Python; 100 or fewer: threads", Choose(p).Changes[0])
}

// A border is the first one: until there the answer is the same, and there it isn't.
func TestBordersAreTheFirst(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 4))
	for range 1000 {
		p := likelyProfile(r)
		now := p.advice()
		for _, b := range p.borders() {
			if b.after {
				continue
			}
			require.False(t, now.like(b.then), "seed %d: %+v: %s", seed, p, b.what)
			number := numbers[0]
			for _, n := range numbers[1:] {
				if strings.Contains(b.what, n.name) {
					number = n
				}
			}
			value, part := number.get(p), b.near
			if number.name != "task" {
				part = max(part*0.99, 1) // the third digit is rounded
			}
			for range 20 {
				o := p
				if strings.HasSuffix(b.what, "more") {
					number.set(&o, value*(1+r.Float64()*(part-1)))
				} else {
					number.set(&o, math.Ceil(value-r.Float64()*(value-value/part)))
				}
				require.True(t, now.like(o.advice()), "seed %d: %+v isn't %+v, before %s", seed, o, p, b.what)
			}
		}
	}
}

// A profile at random, on the borders more often than not.
func anyProfile(r *rand.Rand) Profile {
	duration := func() time.Duration {
		choices := []time.Duration{0, 1, time.Microsecond, time.Millisecond, time.Second, time.Hour, -1, math.MaxInt64, math.MinInt64, time.Duration(r.Int64())}
		return choices[r.IntN(len(choices))]
	}
	count := func() int {
		choices := []int{0, 1, 2, 99, 100, 101, 5000, -1, math.MaxInt, math.MinInt, r.Int()}
		return choices[r.IntN(len(choices))]
	}
	coin := func() bool { return r.IntN(2) == 0 }
	parts := []float64{0, 0.5, 1, r.Float64(), -1, 2, math.NaN()}
	return Profile{CPU: duration(), Wait: duration(), Tasks: count(), Open: coin(), Isolate: coin(), Command: coin(), Released: parts[r.IntN(len(parts))], CPUs: count()}
}

func TestEveryProfileGetsAnAnswer(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	for range 2000 {
		p := anyProfile(r)
		a := Choose(p)
		require.Positive(t, a.Workers, "seed %d: %+v", seed, p)
		require.LessOrEqual(t, a.Workers, max(p.Tasks, 1), "seed %d: %+v", seed, p)
		require.Positive(t, a.Processes, "seed %d: %+v", seed, p)
		require.LessOrEqual(t, a.Processes, max(a.Workers, p.CPUs), "seed %d: %+v", seed, p)
		const rounding = 1 + 1e-9
		if s := p.sensible(); s.CPU > 0 {
			require.LessOrEqual(t, s.rate(), rounding*float64(s.CPUs)/s.CPU.Seconds(), "more than the CPUs can do, seed %d: %+v", seed, p)
			require.LessOrEqual(t, s.rate(), rounding*float64(s.Tasks)/(s.CPU.Seconds()+s.Wait.Seconds()), "more than the tasks can do, seed %d: %+v", seed, p)
			require.LessOrEqual(t, s.busy(), float64(s.CPUs), "seed %d: %+v", seed, p)
		}
		require.NotEmpty(t, a.Python, "seed %d: %+v", seed, p)
		require.NotEmpty(t, a.Go, "seed %d: %+v", seed, p)
		require.NotEmpty(t, a.Reasons, "seed %d: %+v", seed, p)
		require.NotEmpty(t, a.Formula, "seed %d: %+v", seed, p)
		require.NotContains(t, strings.Join(append(a.Formula, a.Reasons...), " "), "NaN", "seed %d: %+v", seed, p)
		require.Equal(t, a, Choose(p), "the same again")
		if strings.Contains(strings.Join(a.Reasons, " "), "threads in each are fine") {
			require.Equal(t, Threads, a.Python, "seed %d: %+v", seed, p)
		}
		if strings.Contains(strings.Join(a.Reasons, " "), "an event loop takes less memory") {
			require.Equal(t, Asyncio, a.Python, "seed %d: %+v", seed, p)
		}

		more := p
		more.Tasks = max(p.Tasks, r.Int())
		require.GreaterOrEqual(t, Choose(more).Workers, a.Workers, "more tasks, seed %d: %+v", seed, p)
		wider := p.sensible()
		rate := wider.rate()
		wider.CPUs = min(wider.CPUs+r.IntN(8), most)
		require.GreaterOrEqual(t, wider.rate()*rounding, rate, "more CPUs, seed %d: %+v", seed, p)
		longer := p
		longer.Wait = max(p.Wait, time.Duration(r.Int64()))
		require.GreaterOrEqual(t, Choose(longer).Workers, a.Workers, "a longer wait, seed %d: %+v", seed, p)
	}
}

// A job that is a little larger gets the same answer, or each names another.
func TestNeighboursAgree(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 3))
	for range 2000 {
		p := likelyProfile(r)
		near := p
		f := 1 + 0.02*r.Float64()
		switch r.IntN(3) {
		case 0:
			near.CPU = time.Duration(float64(p.CPU) * f)
		case 1:
			near.Wait = time.Duration(float64(p.Wait) * f)
		case 2:
			near.Tasks = int(math.Round(float64(p.Tasks) * f))
		}
		a, b := Choose(p), Choose(near)
		if !a.like(b) {
			require.NotEmpty(t, a.AsGood, "seed %d: %+v is %s, and %+v %s", seed, p, a.inPython(), near, b.inPython())
			require.NotEmpty(t, b.AsGood, "seed %d: %+v is %s, and %+v %s", seed, p, a.inPython(), near, b.inPython())
		}
	}
}

// What the theory of queues says, and what a simulation of it had measured.
func TestLoad(t *testing.T) {
	for _, c := range []struct {
		p     Profile
		busy  float64
		queue time.Duration
	}{
		{Profile{CPU: 300 * time.Microsecond, Wait: 10 * time.Second, Tasks: 20_000, Open: true, CPUs: 1}, 0.6, 225 * time.Microsecond},
		{Profile{CPU: 499 * time.Microsecond, Wait: 10 * time.Second, Tasks: 20_000, Open: true, CPUs: 1}, 0.998, 122 * time.Millisecond},
		{Profile{CPU: 499 * time.Microsecond, Wait: 10 * time.Second, Tasks: 20_000, Open: true, CPUs: 2}, 0.499, 248 * time.Microsecond},
		// The page says so: at 95 %, almost ten computing times.
		{Profile{CPU: 950 * time.Microsecond, Wait: 999050 * time.Microsecond, Tasks: 1000, Open: true, CPUs: 1}, 0.95, 9025 * time.Microsecond},
		{Profile{CPU: time.Millisecond, Tasks: 20, Open: true, CPUs: 2}, 1, math.MaxInt64},
		{Profile{CPU: time.Millisecond, Wait: time.Millisecond, Tasks: 20, Open: true, Released: 1, CPUs: 2}, 0, 0},
	} {
		busy, queue := c.p.load()
		require.InDelta(t, c.busy, busy, 0.001, "%+v", c.p)
		require.InEpsilon(t, float64(c.queue)+1, float64(queue)+1, 0.02, "%+v", c.p)
	}
}

// Jobs that people have, the answer for each, and why.
func TestTwentyJobs(t *testing.T) {
	const us, ms, s = time.Microsecond, time.Millisecond, time.Second
	for _, c := range []struct {
		job    string
		p      Profile
		python string
		why    string
	}{
		{"a scraper, a thousand pages", Profile{CPU: 5 * ms, Wait: 400 * ms, Tasks: 1000, CPUs: 4}, "asyncio in 4 processes", "parsing keeps all CPUs busy once 324 pages are under way; for fewer at a time, one process"},
		{"a scraper that is polite, ten at a time", Profile{CPU: 5 * ms, Wait: 400 * ms, Tasks: 10, CPUs: 4}, "threads", "ten waits are ten threads"},
		{"thumbnails, with Pillow", Profile{CPU: 80 * ms, Wait: 2 * ms, Tasks: 5000, Released: 1, CPUs: 8}, "threads", "Pillow releases the GIL while it resizes"},
		{"thumbnails, in pure Python", Profile{CPU: 2 * s, Wait: 2 * ms, Tasks: 5000, CPUs: 8}, "processes", "pure Python that computes"},
		{"an API gateway", Profile{CPU: 300 * us, Wait: 60 * ms, Tasks: 2000, Open: true, CPUs: 4}, "asyncio in 4 processes", "many at once, and ten CPUs' worth of work: it's too much for four"},
		{"a small API gateway", Profile{CPU: 300 * us, Wait: 60 * ms, Tasks: 120, Open: true, CPUs: 4}, "asyncio", "120 at once keep 0.6 CPUs busy: one process, just below what it may be busy"},
		{"an import through a C library", Profile{CPU: 3 * s, Wait: 100 * ms, Tasks: 40, Released: 1, CPUs: 4}, "threads", "the library releases the GIL"},
		{"a cron job that shells out", Profile{CPU: 2 * s, Wait: s, Tasks: 12, Command: true, CPUs: 4}, "threads", "commands are processes already"},
		{"a Django view that asks a database", Profile{CPU: 8 * ms, Wait: 40 * ms, Tasks: 20, Open: true, CPUs: 4}, "threads in 4 processes", "20 at once keep 3.3 CPUs busy"},
		{"a quiet Django site", Profile{CPU: 8 * ms, Wait: 2 * s, Tasks: 40, Open: true, CPUs: 4}, "threads", "0.16 CPUs"},
		{"a queue of mails to send", Profile{CPU: ms, Wait: 300 * ms, Tasks: 20, CPUs: 2}, "threads", "twenty waits"},
		{"a queue of reports to compute", Profile{CPU: 20 * s, Wait: 2 * s, Tasks: 100, CPUs: 8}, "processes", "pure Python that computes"},
		{"a game server, 2,000 players, ten ticks a second", Profile{CPU: 50 * us, Wait: 100 * ms, Tasks: 2000, Open: true, CPUs: 4}, "asyncio in 2 processes", "one CPU is kept busy, and an answer that waits for one is late"},
		{"chats, mostly silent", Profile{CPU: 200 * us, Wait: 30 * s, Tasks: 20_000, Open: true, CPUs: 2}, "asyncio", "0.13 CPUs, and 20,000 stacks would be for nothing"},
		{"a build tool", Profile{CPU: 4 * s, Wait: 200 * ms, Tasks: 300, Command: true, CPUs: 8}, "threads", "compilers are processes"},
		{"a plug-in that may crash", Profile{CPU: 50 * ms, Wait: 10 * ms, Tasks: 30, Isolate: true, CPUs: 4}, "processes", "nothing else keeps a crash to itself"},
		{"tests of a web page, in browsers", Profile{CPU: 6 * s, Wait: 14 * s, Tasks: 60, Command: true, CPUs: 4}, "threads", "browsers are processes"},
		{"one nightly report", Profile{CPU: 90 * s, Wait: 30 * s, Tasks: 1, CPUs: 8}, "one after another", "there's only one"},
		{"sensors that report every minute", Profile{CPU: 400 * us, Wait: 60 * s, Tasks: 80, Open: true, CPUs: 1}, "threads", "80 idle threads are no burden"},
		{"hashes of a large archive", Profile{CPU: 500 * ms, Wait: 500 * ms, Tasks: 1000, Released: 1, CPUs: 8}, "threads", "hashing releases the GIL"},
		{"a notebook on a small server", Profile{CPU: 10 * s, Wait: s, Tasks: 10, CPUs: 1}, "threads", "one CPU: a second one at work fills the waits"},
	} {
		require.Equal(t, c.python, Choose(c.p).inPython(), "%s: %s", c.job, c.why)
	}
}

func TestShort(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 999: "999ns", 1234: "1.23µs", 82 * time.Millisecond: "82ms", 1234567890: "1.23s",
		98765 * time.Second: "27h26m40s",
	} {
		require.Equal(t, want, short(d).String())
	}
}

func TestWorkersFor(t *testing.T) {
	require.InDelta(t, 34, workersFor(2, 5, 80), 1e-9)
	require.InDelta(t, Profile{CPU: 5, Wait: 80, CPUs: 2}.enough(), workersFor(2, 5, 80), 1e-9, "advice says the same")
}

// The number of workers is rounded up; what they do in a second is not.
func TestRateIsWhatTheCPUsCanDo(t *testing.T) {
	for _, c := range []struct {
		p    Profile
		want float64
	}{
		{Profile{CPU: 2 * time.Millisecond, Wait: 80 * time.Millisecond, Tasks: 5000, CPUs: 2}, 1000},
		{Profile{CPU: 49 * time.Millisecond, Wait: 50 * time.Millisecond, Tasks: 5000, CPUs: 2}, 4 / 0.099},
		{Profile{CPU: 49 * time.Millisecond, Wait: 50 * time.Millisecond, Tasks: 2, CPUs: 2}, 2 / 0.099},
		{Profile{Wait: 50 * time.Millisecond, Tasks: 10, CPUs: 2}, 200},
	} {
		require.InEpsilon(t, c.want, c.p.rate(), 1e-9, "%+v", c.p)
	}
}
