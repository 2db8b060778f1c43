package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// of returns the estimate of a value that every round gave.
func of(value float64) measure.Estimate {
	return notebook.MadeUp(map[string]float64{"it": value}).Estimate("it")
}

var noPython = measure.Missing("python3 was not found on PATH")

const inPython, inGo, ofPool = "In Python, ", "In Go, ", "For procpool, "

// counted are the samples of workers that pay, or not, as the formula says.
func counted(quarter, fourTimes float64) measure.Samples {
	s := make(map[string]float64)
	for _, way := range []string{"started", "stay"} {
		s["pays, "+way] = map[string]float64{"started": 0.015, "stay": 900e-6}[way]
		for size, ratio := range map[string]float64{"a quarter of": quarter, "four times": fourTimes} {
			s["alone, "+way+", "+size] = 0.1
			s[way+", "+size] = 0.1 * ratio
		}
	}
	return notebook.MadeUp(s)
}

// How each outcome reads, whichever machine it comes up on.
func TestAnswers(t *testing.T) {
	messages := func(pipe float64) map[string]float64 {
		return map[string]float64{
			"pool, 1 B": 200 * 250e-6, "pipe, 1 B": 200 * 20e-6, "memory, 1 B": 200 * 24e-6, "channel, 1 B": 4000 * 0.5e-6,
			"pool, 1 MiB": 20 * 3.5e-3, "pipe, 1 MiB": 20 * pipe, "memory, 1 MiB": 20 * 100e-6, "channel, 1 MiB": 400 * 0.5e-6,
		}
	}
	started := starts{goroutine: of(0.7e-6), thread: of(30e-6), process: of(3.7e-3), heavier: of(123)}
	inParallel := notebook.MadeUp(map[string]float64{"sequential": 0.1, "goroutines": 0.051, "processes": 0.052, "processes/cpus": 1.9})
	goNeedsNone := inGo + "it's different. Goroutines already use all CPUs, and processes are no faster. One after another, counting primes takes 100 ms. Goroutines take 0.51× as long, processes 0.52×."
	pays := map[string]measure.Estimate{"started": of(0.0095), "stay": of(240e-6), "goroutines": of(3e-6)}
	for _, c := range []struct {
		section, outcome string
		judge            func(*notebook.Lab)
		want             []string
	}{
		{"own-memory", "separate", func(lab *notebook.Lab) {
			s := notebook.MadeUp(map[string]float64{"worker": 70, "here": 100, "crashed": 1})
			judgeMemories(lab, s, s)
		}, []string{
			inPython + "that's true. A worker sold 30 of 100 tickets and had 70 left; the process that started it still had 100. When a worker crashed, that process went on.",
			inGo + "it's the same. A worker sold 30 of 100 tickets and had 70 left; the process that started it still had 100. When a worker crashed, that process went on.",
		}},
		{"own-memory", "shared, no Python", func(lab *notebook.Lab) {
			judgeMemories(lab, notebook.MadeUp(map[string]float64{"worker": 70, "here": 70, "crashed": 1}), noPython)
		}, []string{
			inPython + "we can't tell here. python3 was not found on PATH.",
			inGo + "it's different. A worker sold 30 of 100 tickets and had 70 left; the process that started it had 70.",
		}},
		{"cpu-bound", "two CPUs", func(lab *notebook.Lab) {
			judgeCPUBound(lab, 2, inParallel,
				notebook.MadeUp(map[string]float64{"sequential": 0.2, "threads": 0.21, "processes": 0.11, "processes/cpus": 1.9, "hashes": 0.03, "hashes_in_threads": 0.0153}))
		}, []string{
			inPython + "that's partly true. It holds for Python code. One after another, counting primes takes 200 ms. Once they're started, 2 threads take 1.05× as long and 2 processes 0.55×. C code that releases the GIL needs no processes: hashing in 2 threads takes 0.51× the time of one after another.",
			goNeedsNone,
		}},
		{"cpu-bound", "interpreters with a GIL each", func(lab *notebook.Lab) {
			judgeCPUBound(lab, 2, inParallel,
				notebook.MadeUp(map[string]float64{"sequential": 0.2, "threads": 0.21, "processes": 0.11, "processes/cpus": 1.9, "interpreters": 0.112, "hashes": 0.03, "hashes_in_threads": 0.03}))
		}, []string{
			inPython + "that's partly true. Python code needs processes, or interpreters with a GIL each. One after another, counting primes takes 200 ms. Once they're started, 2 threads take 1.05× as long, 2 processes 0.55× and 2 interpreters in one process 0.56×.",
			goNeedsNone,
		}},
		{"cpu-bound", "interpreters that share a GIL", func(lab *notebook.Lab) {
			judgeCPUBound(lab, 2, inParallel,
				notebook.MadeUp(map[string]float64{"sequential": 0.2, "threads": 0.21, "processes": 0.11, "processes/cpus": 1.9, "interpreters": 0.21, "hashes": 0.03, "hashes_in_threads": 0.03}))
		}, []string{
			inPython + "that's true. One after another, counting primes takes 200 ms. Once they're started, 2 threads take 1.05× as long, 2 processes 0.55× and 2 interpreters in one process 1.05×.",
			goNeedsNone,
		}},
		{"cpu-bound", "hashes gain nothing either", func(lab *notebook.Lab) {
			judgeCPUBound(lab, 2, inParallel,
				notebook.MadeUp(map[string]float64{"sequential": 0.2, "threads": 0.21, "processes": 0.11, "processes/cpus": 1.9, "hashes": 0.03, "hashes_in_threads": 0.03}))
		}, []string{
			inPython + "that's true. One after another, counting primes takes 200 ms. Once they're started, 2 threads take 1.05× as long and 2 processes 0.55×.",
			goNeedsNone,
		}},
		{"cpu-bound", "no GIL, and goroutines that share a CPU", func(lab *notebook.Lab) {
			judgeCPUBound(lab, 2, notebook.MadeUp(map[string]float64{"sequential": 0.1, "goroutines": 0.1, "processes": 0.052, "processes/cpus": 1.9}),
				notebook.MadeUp(map[string]float64{"sequential": 0.2, "threads": 0.105, "processes": 0.11, "processes/cpus": 1.9}))
		}, []string{
			inPython + "that's not true. One after another, counting primes takes 200 ms. Once they're started, 2 threads take 0.52× as long and 2 processes 0.55×.",
			inGo + "it's different. One after another, counting primes takes 100 ms. Goroutines take 1× as long, processes 0.52×.",
		}},
		{"cpu-bound", "no GIL", func(lab *notebook.Lab) {
			judgeCPUBound(lab, 2, inParallel,
				notebook.MadeUp(map[string]float64{"sequential": 0.2, "threads": 0.105, "processes": 0.11, "processes/cpus": 1.9}))
		}, []string{
			inPython + "that's not true. One after another, counting primes takes 200 ms. Once they're started, 2 threads take 0.52× as long and 2 processes 0.55×.",
			inGo + "it's the same. Goroutines already use all CPUs, and processes are no faster. One after another, counting primes takes 100 ms. Goroutines take 0.51× as long, processes 0.52×.",
		}},
		{"break-even", "by the formula", func(lab *notebook.Lab) {
			judgeBreakEven(lab, 2, pays, counted(2.6, 0.7), counted(2.6, 0.7))
		}, []string{
			inPython + "that's true. By this formula, workers that are started for a job pay off above 15 ms of work, and workers that stay above 900 µs. With a quarter of that work they were slower than one process, with four times that work faster.",
			inGo + "that's true. There it's 9.5 ms and 240 µs. With a quarter of that work they were slower than one process, with four times that work faster.",
		}},
		{"break-even", "never", func(lab *notebook.Lab) {
			judgeBreakEven(lab, 2, pays, counted(2.6, 1.2), noPython)
		}, []string{
			inPython + "we can't tell here. python3 was not found on PATH.",
			inGo + "that's not true. There it's 9.5 ms and 240 µs. What we measured doesn't agree.",
		}},
		{"break-even", "one CPU", func(lab *notebook.Lab) {
			none := measure.Missing("with one CPU, processes never pay")
			judgeBreakEven(lab, 2, nil, none, none)
		}, []string{
			inPython + "we can't tell here. With one CPU, processes never pay.",
			inGo + "we can't tell here. With one CPU, processes never pay.",
		}},
		{"io-bound", "slower to start", func(lab *notebook.Lab) {
			judgeIOBound(lab, notebook.MadeUp(map[string]float64{"goroutines": 0.043, "processes": 0.068}), notebook.MadeUp(map[string]float64{"threads": 0.048, "processes": 0.082}))
		}, []string{
			inPython + "that's partly true. The reason is right: ten waits of 40 ms at the same time took 48 ms in threads and 82 ms in processes, which take longer to start. But what it explains didn't happen: in the article's own table the processes were faster, with 7.22 s against 7.9 s.",
			inGo + "it's the same. They took 43 ms in goroutines, and 68 ms in processes.",
		}},
		{"io-bound", "no slower", func(lab *notebook.Lab) {
			judgeIOBound(lab, notebook.MadeUp(map[string]float64{"goroutines": 0.043, "processes": 0.042}), notebook.MadeUp(map[string]float64{"threads": 0.048, "processes": 0.046}))
		}, []string{
			inPython + "that's not true. Ten waits of 40 ms at the same time took 48 ms in threads and 46 ms in processes. In the article's own table the processes were faster too, with 7.22 s against 7.9 s.",
			inGo + "it's the same. They took 43 ms in goroutines, and 42 ms in processes.",
		}},
		{"start-methods", "on Linux", func(lab *notebook.Lab) {
			judgeStarts(lab, started, notebook.MadeUp(map[string]float64{"threads": 20 * 300e-6, "fork": 3e-3, "forkserver": 14e-3, "spawn": 73e-3, "fork, ends": 0, "fresh, ends": 1}))
		}, []string{
			inPython + "that's true. To start one and wait for its end takes 3 ms with fork, 14 ms with forkserver and 73 ms with spawn; a thread takes 300 µs.",
			inGo + "it's the same. To start one and wait for its end takes 3.7 ms for a worker, 30 µs for a system thread and 0.7 µs for a goroutine.",
			inPython + "that's true. A child that was forked while a thread held a lock was still waiting for it after 1 s. Children that began afresh, by spawn or forkserver, ended.",
		}},
		{"start-methods", "with interpreters", func(lab *notebook.Lab) {
			judgeStarts(lab, started, notebook.MadeUp(map[string]float64{"threads": 20 * 300e-6, "fork": 3e-3, "forkserver": 4e-3, "spawn": 73e-3, "interpreter": 20e-3, "fork, ends": 0, "fresh, ends": 1}))
		}, []string{
			inPython + "that's true. To start one and wait for its end takes 3 ms with fork, 4 ms with forkserver and 73 ms with spawn; a thread takes 300 µs. An interpreter in the same process takes 20 ms.",
			inGo + "it's the same. To start one and wait for its end takes 3.7 ms for a worker, 30 µs for a system thread and 0.7 µs for a goroutine.",
			inPython + "that's true. A child that was forked while a thread held a lock was still waiting for it after 1 s. Children that began afresh, by spawn or forkserver, ended.",
		}},
		{"start-methods", "without fork", func(lab *notebook.Lab) {
			judgeStarts(lab, starts{goroutine: of(1e-6), thread: of(30e-6), process: of(31e-6), heavier: of(1.03)}, notebook.MadeUp(map[string]float64{"threads": 20 * 300e-6, "spawn": 73e-3}))
		}, []string{
			inPython + "that's true. To start one and wait for its end takes 73 ms with spawn; a thread takes 300 µs.",
			inGo + "it's different. To start one and wait for its end takes 31 µs for a worker, 30 µs for a system thread and 1 µs for a goroutine.",
			inPython + "we can't tell here. This system has no fork.",
		}},
		{"start-methods", "the lock is free", func(lab *notebook.Lab) {
			judgeStarts(lab, started, notebook.MadeUp(map[string]float64{"threads": 20 * 300e-6, "fork": 3e-3, "spawn": 73e-3, "fork, ends": 1, "fresh, ends": 1}))
		}, []string{
			inPython + "that's true. To start one and wait for its end takes 3 ms with fork and 73 ms with spawn; a thread takes 300 µs.",
			inGo + "it's the same. To start one and wait for its end takes 3.7 ms for a worker, 30 µs for a system thread and 0.7 µs for a goroutine.",
			inPython + "that's not true. A child that was forked while a thread held a lock wasn't held up by it here.",
		}},
		{"start-methods", "no Python", func(lab *notebook.Lab) {
			judgeStarts(lab, started, noPython)
		}, []string{
			inPython + "we can't tell here. python3 was not found on PATH.",
			inGo + "it's the same. To start one and wait for its end takes 3.7 ms for a worker, 30 µs for a system thread and 0.7 µs for a goroutine.",
			inPython + "we can't tell here. python3 was not found on PATH.",
		}},
		{"talking", "copied", func(lab *notebook.Lab) {
			judgeTalking(lab, notebook.MadeUp(messages(1.2e-3)), notebook.MadeUp(messages(1.6e-3)))
		}, []string{
			inPython + "that's true. There and back through a pipe, a message of 1 B takes 20 µs and one of 1 MiB 1.6 ms. In shared memory 1 MiB takes 100 µs.",
			inGo + "it's the same. There and back through a pipe, a message of 1 B takes 20 µs and one of 1 MiB 1.2 ms. In shared memory 1 MiB takes 100 µs. Between goroutines it takes 0.5 µs, whatever its size: only a pointer goes through a channel.",
		}},
		{"talking", "for nothing", func(lab *notebook.Lab) {
			judgeTalking(lab, notebook.MadeUp(messages(50e-6)), notebook.MadeUp(messages(50e-6)))
		}, []string{
			inPython + "that's not true. There and back through a pipe, a message of 1 B takes 20 µs and one of 1 MiB 50 µs. In shared memory 1 MiB takes 100 µs.",
			inGo + "it's the same. There and back through a pipe, a message of 1 B takes 20 µs and one of 1 MiB 50 µs. In shared memory 1 MiB takes 100 µs. Between goroutines it takes 0.5 µs, whatever its size: only a pointer goes through a channel.",
		}},
		{"pool-map", "faster", func(lab *notebook.Lab) {
			judgeChunks(lab, of(22e-6), of(0.1e-6), of(0.0045), notebook.MadeUp(map[string]float64{"executor": 120e-6, "imap, 1": 35e-6, "imap, 64": 0.8e-6, "map, 64": 0.6e-6, "map": 0.2e-6}))
		}, []string{
			inPython + "that's true. A task that does nothing takes 35 µs one by one, and 0.8 µs in chunks of 64. Pool.map, left to itself, makes larger chunks: 0.2 µs.",
			inGo + "it's the same. Such a task takes 22 µs in a call of its own, and 0.1 µs in procpool's Map.",
		}},
		{"pool-map", "no faster", func(lab *notebook.Lab) {
			judgeChunks(lab, of(22e-6), of(20e-6), of(0.9), notebook.MadeUp(map[string]float64{"imap, 1": 35e-6, "imap, 64": 30e-6, "map": 30e-6}))
		}, []string{
			inPython + "that's not true. A task that does nothing takes 35 µs one by one, and 30 µs in chunks of 64. Pool.map, left to itself, makes larger chunks: 30 µs.",
			inGo + "it's the same. Such a task takes 22 µs in a call of its own, and 20 µs in procpool's Map.",
		}},
		{"worker-dies", "as ever", func(lab *notebook.Lab) {
			judgeDeaths(lab, 8, time.Second, 8, notebook.MadeUp(map[string]float64{"executor": 3, "executor raised BrokenProcessPool": 1, "pool": 7, "pool said nothing": 1}))
		}, []string{
			inPython + "that's true. When a worker died, 3 of 8 tables were served by ProcessPoolExecutor; for each of the others it raised BrokenProcessPool, so you know which. multiprocessing.Pool served 7, and never said that one was lost: we stopped waiting after 1 s.",
			"procpool gave the table to a new worker, and served all 8.",
		}},
		{"worker-dies", "a Pool that tells, an executor that doesn't", func(lab *notebook.Lab) {
			judgeDeaths(lab, 8, time.Second, 7, notebook.MadeUp(map[string]float64{"executor": 7, "executor raised BrokenProcessPool": 0, "pool": 7, "pool said nothing": 0}))
		}, []string{
			inPython + "that's not true. ProcessPoolExecutor served 7 of 8 tables, and didn't raise BrokenProcessPool for the others.",
			"procpool served 7 of 8 tables.",
		}},
		{"worker-dies", "no Python", func(lab *notebook.Lab) {
			judgeDeaths(lab, 8, time.Second, 8, noPython)
		}, []string{
			inPython + "we can't tell here. python3 was not found on PATH.",
			"procpool gave the table to a new worker, and served all 8.",
		}},
		{"costs", "as it should be", func(lab *notebook.Lab) {
			judgeCosts(lab,
				notebook.MadeUp(map[string]float64{"bare": 4 * 3e-3, "start": 4 * 3.5e-3, "call": 2000 * 16e-6, "map": 0.005, "mib": 20 * 1e-3, "goroutines": 0.05, "workers": 0.05}),
				notebook.MadeUp(map[string]float64{"spawn": 0.08, "apply": 200 * 320e-6, "Pool.map": 0.02, "mib, pool": 10 * 5.5e-3, "mib, pipe": 10 * 1.5e-3}))
		}, []string{
			ofPool + "that's true. A worker has answered after 3.5 ms, the bare program after 3 ms, a process that Python spawns after 80 ms.",
			ofPool + "that's true. A call takes 16 µs, Pool.apply 320 µs.",
			ofPool + "that's true. A task of a Map takes 50 ns, one of Pool.map 0.2 µs.",
			ofPool + "that's true. 1 MiB takes 1 ms there and back, 5.5 ms in Python's Pool, 1.5 ms through a bare Pipe.",
			ofPool + "that's true. On work for the CPU, workers have 1× the speed-up of goroutines.",
		}},
	} {
		t.Run(c.section+", "+c.outcome, func(t *testing.T) {
			result, err := chapter.Try(c.section, c.judge)
			require.NoError(t, err)
			require.Equal(t, c.want, result.Said())
		})
	}
}
