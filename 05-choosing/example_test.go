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

func Example_crash() {
	notebook.Show(crash)
	// Output:
	// all in one process: 0 of 10 results
	// in a process each:  9 of 10 results
}

func Example_mixed() {
	notebook.Show(mixed)
	// Output:
	// computing in one go:   0 of 3 requests were answered meanwhile
	// computing with pauses: 3 of 3 requests were answered meanwhile
}

func Example_matrix() {
	notebook.Show(matrix)
	// Output:
	// in threads:       168 303 430
	// in processes:     168 303 430
	// in an event loop: 168 303 430
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
	// build it    uvicorn --workers 2, for example
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
	//             if the computing releases the GIL (as hashing, compression, NumPy
	//               do), or your Python has none: asyncio, computing in threads
	//               (asyncio.to_thread), in Python
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
	// otherwise   201 or more open at once: asyncio in 2 processes in Python
	//             a task that computes for more than 2.84ms: threads in 2 processes
	//               in Python
	//             if one task's crash mustn't take the others down: processes in
	//               both languages
	//
	// numbers     busy CPUs = connections x cpu / (cpu + wait) = 50 x 1ms / 201ms =
	//               0.25
	//             a process is 25 % busy with Python code, so a task waits about
	//               170µs for its turn (M/D/1)
	//             rate = tasks under way / time = 50 / 201ms = 249 a second
	//               (Little's law)
}

func Example_workers() {
	notebook.Show(workers)
	// Output:
	// 20 requests come a second, and each takes half a second:
	//   10 are there at once
	// a task computes for 5 ms and waits for 0 ms; 2 CPUs:
	//   2 workers
	// a task computes for 5 ms and waits for 80 ms; 2 CPUs:
	//   34 workers
	// the same in threads that share a GIL, so one CPU:
	//   17 workers
	// a tenth of the work is for one alone; 10 workers:
	//   5.3 times as fast as one
	// a tenth of the work is for one alone; 100 workers:
	//   9.2 times as fast as one
}
