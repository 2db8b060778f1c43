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
	// computing in the loop: 0 of 2 requests were answered meanwhile
	// computing elsewhere:   2 of 2 requests were answered meanwhile
}

func Example_matrix() {
	notebook.Show(matrix)
	// Output:
	// 901 primes in threads, 901 in processes, 901 in an event loop
}

func Example_decision() {
	notebook.Show(decision)
	// Output:
	// 2 CPUs    cpu   wait  how many     in Python               in Go
	// primes    1s    0s    8            processes               goroutines
	// 10 sites  1ms   50ms  10           threads                 goroutines
	// chats     1ms   20s   5,000 open   asyncio                 goroutines
	// games     1ms   1s    5,000 open   asyncio in 2 processes  goroutines
	// plug-ins  1s    0s    8, may crash processes               processes
	// a report  1s    0s    1            one after another       one after another
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
	//               computes on one CPU: hence 2 of them; 5,000 threads are a lot, and
	//               an event loop takes less memory for each task
	//             5,000 at once may need as many open files, and whatever answers
	//               them may limit you
	//
	// otherwise   100 connections or fewer: threads in 2 processes in Python; 28 or
	//               fewer: threads
	//             if the computing releases the GIL (as hashing, compression, NumPy
	//               do), or your Python has none: asyncio, computing in threads
	//               (asyncio.to_thread), in Python
	//             if they all change one state, as a game's world: one process in
	//               Python, since processes share no memory, or Go
	//             if one task's crash mustn't take the others down: a process each,
	//               in both languages
	//
	// numbers     busy CPUs = connections x cpu / (cpu + wait) = 5,000 x 2ms / 82ms
	//               = 122
	//             rate = tasks under way / time = 5,000 / 5s = 1,000 a second
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
	// otherwise   101 connections or more: asyncio in Python; 141 or more: asyncio
	//               in 2 processes
	//             a task that computes for 2.84ms or more: threads in 2 processes in
	//               Python
	//             a task that waits for 70.4ms or less: threads in 2 processes in
	//               Python
	//             if one task's crash mustn't take the others down: a process each,
	//               in both languages
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
	// computes for 5 ms, on 2 CPUs:      2 workers
	// ... and waits for 80 ms:          34 workers
	// ... in threads that share a GIL:  17 workers
}
