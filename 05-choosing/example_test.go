package main

import (
	"os"
	"strings"
	"testing"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/notebook"
)

// The workers of a test are the test binary, started again.
func TestMain(m *testing.M) {
	beCommand()
	procpool.Serve()
	if again.Serve() {
		return
	}
	os.Exit(m.Run())
}

func Example_models() {
	notebook.Show(models)
	// Output:
	// one after another    672 primes    12 answers  1000 tasks
	// OS threads           672 primes    12 answers  1000 tasks
	// goroutines           672 primes    12 answers  1000 tasks
	// processes            672 primes    12 answers  1000 tasks
	// event loop           672 primes    12 answers  1000 tasks
}

func Example_crash() {
	notebook.Show(crash)
	// Output:
	// ten tasks, and the fifth kills its process; done of the others:
	// one after another  0 of 9
	// OS threads         0 of 9
	// goroutines         0 of 9
	// processes          9 of 9
	// event loop         0 of 9
}

func Example_mixed() {
	notebook.Show(mixed)
	// Output:
	// a computation with 0 pauses: 0 of 3 requests answered when it ends
	// a computation with 3 pauses: 3 of 3 requests answered when it ends
}

func Example_matrix() {
	notebook.Show(matrix)
	// Output:
	// job          tasks  one after another  best, on 2 CPUs
	// computing       10              150ms             75ms
	// few waits       10              120ms             12ms
	// many waits   5,000         never ends            100ms
	// mixed            2              160ms             10ms
	// tiny         2,000                 0s               0s
	// crash           10                 0s               0s
}

func Example_decision() {
	notebook.Show(decision)
	// Output:
	// with 2 CPUs     in Python                 in Go
	// count primes    processes                 goroutines
	// ask 10 sites    threads                   goroutines
	// 5,000 chats     asyncio                   goroutines
	// 5,000 games     asyncio in 2 processes    goroutines
	// foreign code    processes                 processes
	// one report      one after another         one after another
	//
	// for a job of yours: go run ./05-choosing advise -h
}

func Example_advise() {
	advise(strings.Fields("-cpu 2ms -wait 80ms -connections 5000 -cpus 2"), os.Stdout, os.Stdout)
	// Output:
	// 5,000 connections, all open, on 2 CPUs; a task computes for 2ms and waits for
	// 80ms
	//
	// in Python   asyncio in 2 processes
	// in Go       goroutines
	// busy        2.00 of 2 CPUs
	//
	// why         together they want 122 CPUs, and there are 2: whatever you choose,
	//               a task takes 5s instead of 82ms; get more CPUs, or turn some away
	//             a task computes for 2 % of its time, and a CPython process
	//               computes on one CPU: hence 2 of them; 2,500 threads in each are a
	//               lot, and an event loop takes less memory for each task
	//             5,000 at once may need as many open files, and whatever answers
	//               them may limit you
	//
	// otherwise   at most 200 at once: threads in 2 processes in Python
	//             if the computing lets go of the GIL (as hashing, compression,
	//               NumPy do), or there is none: asyncio in Python
	//             if they all change one state, as a game's world: one process in
	//               Python, since processes share no memory, or Go
	//             if one task's crash mustn't take the others down: processes in
	//               both languages
	//
	// numbers     busy CPUs = connections x cpu / (cpu + wait) = 5,000 x 2ms / 82ms
	//               = 122
	//             rate = tasks under way / time = 82 / 82ms = 1,000 a second
	//               (Little's law)
}

func Example_adviseBackend() {
	advise(strings.Fields("-cpu 1ms -wait 200ms -connections 50 -cpus 2"), os.Stdout, os.Stdout)
	// Output:
	// 50 connections, all open, on 2 CPUs; a task computes for 1ms and waits for
	// 200ms
	//
	// in Python   threads
	// in Go       goroutines
	// busy        0.25 of 2 CPUs
	//
	// why         a task computes for less than 1 % of its time and waits for the
	//               rest, and waiting needs neither a CPU nor the GIL; 50 threads are
	//               fine
	//
	// otherwise   101 or more open at once: asyncio in Python
	//             a task that computes for more than 2.84ms: threads in 2 processes
	//               in Python
	//             if one task's crash mustn't take the others down: processes in
	//               both languages
	//
	// numbers     busy CPUs = connections x cpu / (cpu + wait) = 50 x 1ms / 201ms =
	//               0.25
	//             a process is 25 % busy with Python code, so a task waits about
	//               166µs for its turn (M/G/1, computing times alike)
	//             rate = tasks under way / time = 50 / 201ms = 249 a second
	//               (Little's law)
}

func Example_workers() {
	notebook.Show(workers)
	// Output:
	// Little: 20 orders come a second
	//   each stays  50ms:   1 are there at once
	//   each stays 500ms:  10 are there at once
	//   each stays    5s: 100 are there at once
	// CPUs x (1 + wait/cpu), with 2 CPUs
	//   a task computes 5ms, waits   0s:  2 workers
	//   a task computes 5ms, waits  5ms:  4 workers
	//   a task computes 5ms, waits 80ms: 34 workers
	// Amdahl: a tenth is for one cook alone
	//     2 cooks are 1.8 times as fast
	//    10 cooks are 5.3 times as fast
	//   100 cooks are 9.2 times as fast
}
