package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

var noPython = measure.Missing("python3 was not found on PATH")

const python, golang, loop = "In Python, ", "In Go, ", "For eventloop, "

// How each outcome reads, whichever machine it comes up on.
func TestAnswers(t *testing.T) {
	worlds := map[string]float64{"in turn": 0.052, "at once": 0.026, "created": 1, "warned": 1, "refused": 2, "async only": 3, "pairs": 9, "strangers": 9, "shared": 1}
	waits := map[string]float64{"in turn": 0.05, "at once": 0.025}
	suspended := func(ran ...float64) measure.Samples {
		all := make(map[string]float64)
		for i, thing := range awaited {
			all[thing] = ran[i]
		}
		return notebook.MadeUp(all)
	}
	for _, c := range []struct {
		section, outcome string
		judge            func(*notebook.Lab)
		want             []string
	}{
		{"two-worlds", "two worlds", func(lab *notebook.Lab) {
			judgeWorlds(lab, notebook.MadeUp(waits), notebook.MadeUp(worlds))
		}, []string{
			python + "that's true. Ordinary code that called an async function got a coroutine, and none of its lines ran. Awaited one after another, two coroutines that wait took 52 ms; gathered, 26 ms.",
			golang + "it's different. There's one kind of function, and the caller decides: called twice in a row it took 50 ms, and in two goroutines 25 ms.",
			python + "that's partly true. Of 9 classes that both worlds have, 9 wait by a call in the one and by an await in the other. Variables are shared. But 3 pieces of the syntax are errors in an ordinary function: await, async for and async with.",
		}},
		{"two-worlds", "one world, and goroutines that wait in turn", func(lab *notebook.Lab) {
			mixed := map[string]float64{"in turn": 0.052, "at once": 0.026, "created": 1, "warned": 1, "refused": 1, "async only": 0, "pairs": 9, "strangers": 8, "shared": 1}
			judgeWorlds(lab, notebook.MadeUp(map[string]float64{"in turn": 0.05, "at once": 0.05}), notebook.MadeUp(mixed))
		}, []string{
			python + "that's not true. Here ordinary code and coroutines could be mixed. Awaited one after another, two coroutines that wait took 52 ms; gathered, 26 ms.",
			golang + "it's the same. The same function didn't serve both ways: called twice in a row it took 50 ms, and in two goroutines 50 ms.",
			python + "that's not true. Of 9 classes that both worlds have, 8 wait by a call in the one and by an await in the other. What a coroutine writes into a global variable, ordinary code reads: yes.",
		}},
		{"two-worlds", "one syntax", func(lab *notebook.Lab) {
			judgeWorlds(lab, notebook.MadeUp(waits), notebook.MadeUp(map[string]float64{"in turn": 0.052, "at once": 0.026, "created": 1, "warned": 1, "refused": 2, "async only": 0, "pairs": 9, "strangers": 9, "shared": 1}))
		}, []string{
			python + "that's true. Ordinary code that called an async function got a coroutine, and none of its lines ran. Awaited one after another, two coroutines that wait took 52 ms; gathered, 26 ms.",
			golang + "it's different. There's one kind of function, and the caller decides: called twice in a row it took 50 ms, and in two goroutines 25 ms.",
			python + "that's true. Of 9 classes that both worlds have, 9 wait by a call in the one and by an await in the other. Variables are shared, and so is the syntax.",
		}},
		{"two-worlds", "no Python", func(lab *notebook.Lab) {
			judgeWorlds(lab, notebook.MadeUp(waits), noPython)
		}, []string{
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "it's different. There's one kind of function, and the caller decides: called twice in a row it took 50 ms, and in two goroutines 25 ms.",
			python + "we can't tell here. python3 was not found on PATH.",
		}},
		{"coroutines", "two of five", func(lab *notebook.Lab) {
			judgeSuspensions(lab, suspended(1, 1, 0, 0, 0))
		}, []string{python + "that's partly true. Of the program's five awaits, 2 let others run. The other 3 suspended nothing and went straight on."}},
		{"coroutines", "all", func(lab *notebook.Lab) {
			judgeSuspensions(lab, suspended(1, 1, 1, 1, 1))
		}, []string{python + "that's true. Each of the program's five awaits let others run."}},
		{"coroutines", "none", func(lab *notebook.Lab) {
			judgeSuspensions(lab, suspended(0, 0, 0, 0, 0))
		}, []string{python + "that's not true. None of the program's five awaits let others run."}},
		{"coroutines", "no Python", func(lab *notebook.Lab) {
			judgeSuspensions(lab, noPython)
		}, []string{python + "we can't tell here. python3 was not found on PATH."}},
		{"task-groups", "as said", func(lab *notebook.Lab) {
			judgeFailures(lab,
				notebook.MadeUp(map[string]float64{"looking, told": 0.008, "looking, ended": 0.008, "looking, left": 0, "sleeping, told": 0.024, "sleeping, ended": 0.024, "sleeping, left": 0}),
				notebook.MadeUp(map[string]float64{"gather, told": 0.008, "gather, ended": 0.024, "gather, cancelled": 0, "group, told": 0.008, "group, ended": 0.008, "group, cancelled": 1, "group, left": 0}))
		}, []string{
			python + "that's true. A TaskGroup was over after 8 ms, and so were its tasks. After gather, the last one ran until 24 ms.",
			golang + "that's true. An errgroup's Wait returned after 8 ms if its goroutines look at their context, and after 24 ms if they don't.",
		}},
		{"task-groups", "Python 3.10, and a group that doesn't wait", func(lab *notebook.Lab) {
			judgeFailures(lab,
				notebook.MadeUp(map[string]float64{"looking, told": 0.008, "looking, ended": 0.008, "looking, left": 0, "sleeping, told": 0.008, "sleeping, ended": 0.024, "sleeping, left": 1}),
				notebook.MadeUp(map[string]float64{"gather, told": 0.008, "gather, ended": 0.024, "gather, cancelled": 0}))
		}, []string{
			python + "we can't tell here. TaskGroup came with Python 3.11.",
			golang + "that's not true. An errgroup's Wait returned after 8 ms if its goroutines look at their context, and after 8 ms if they don't.",
		}},
		{"timeouts", "as said", func(lab *notebook.Lab) {
			judgeCancelling(lab,
				notebook.MadeUp(map[string]float64{"running": 1, "looking": 0.0001, "sleeping": 0.02}),
				notebook.MadeUp(map[string]float64{"heard": 1, "cleaned up": 1, "denied": 1, "polite": 0.003, "stubborn": 0.023}))
		}, []string{
			python + "that's true. Cancelled tasks that clean up for 2 ms were gone after 3 ms. Those that swallowed the cancellation went on for 23 ms.",
			golang + "that's true. To cancel is to close a channel. Goroutines that look at it were gone after 100 µs, those that don't after 20 ms.",
		}},
		{"timeouts", "no Python", func(lab *notebook.Lab) {
			judgeCancelling(lab, notebook.MadeUp(map[string]float64{"running": 0, "looking": 0.0001, "sleeping": 0.0001}), noPython)
		}, []string{
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "that's not true. To cancel is to close a channel. Goroutines that look at it were gone after 100 µs, those that don't after 100 µs.",
		}},
		{"never-block", "under a GIL", func(lab *notebook.Lab) {
			judgeBlocking(lab,
				notebook.MadeUp(map[string]float64{"silence, sleep": 0.0012, "part, sleep": 0.04, "silence, power": 0.0017, "part, power": 0.5}),
				notebook.MadeUp(map[string]float64{
					"silence, coroutine": 0.031, "part, coroutine": 1.02, "silence, beside": 0.0014, "part, beside": 0.05,
					"silence, to_thread, sleep": 0.002, "part, to_thread, sleep": 0.06, "silence, to_thread, power": 0.05, "part, to_thread, power": 1,
					"silence, process, power": 0.002, "part, process, power": 0.04,
				}))
		}, []string{
			python + "that's partly true. A time.sleep of 30 ms in a coroutine held up every other task for 31 ms, though a thread beside the loop ran on. In to_thread it held up nobody for longer than 2 ms.",
			python + "that's partly true. A big power, as in the article, silenced the loop for 50 ms although it ran in to_thread; in a process, for 2 ms.",
			golang + "it's different. A goroutine that blocks holds up only itself. Another one was silent for 1.2 ms beside a sleep, and for 1.7 ms beside one that computed 7777 ** 200000.",
		}},
		{"never-block", "without a GIL, and goroutines that block each other", func(lab *notebook.Lab) {
			judgeBlocking(lab,
				notebook.MadeUp(map[string]float64{"silence, sleep": 0.03, "part, sleep": 1, "silence, power": 0.03, "part, power": 1}),
				notebook.MadeUp(map[string]float64{
					"silence, coroutine": 0.031, "part, coroutine": 1.02, "silence, beside": 0.03, "part, beside": 1,
					"silence, to_thread, sleep": 0.002, "part, to_thread, sleep": 0.06, "silence, to_thread, power": 0.002, "part, to_thread, power": 0.04,
					"silence, process, power": 0.002, "part, process, power": 0.04,
				}))
		}, []string{
			python + "that's true. A time.sleep of 30 ms in a coroutine held up every other task for 31 ms, and a thread beside the loop for 30 ms. In to_thread it held up nobody for longer than 2 ms.",
			python + "that's true. A big power, as in the article, silenced the loop for 2 ms although it ran in to_thread; in a process, for 2 ms.",
			golang + "it's the same. A goroutine that blocked held up others: another one was silent for 30 ms beside a sleep, and for 30 ms beside one that computed 7777 ** 200000.",
		}},
		{"event-loop", "concurrent", func(lab *notebook.Lab) {
			judgeTurns(lab, notebook.MadeUp(map[string]float64{"one waits": 0.025, "two wait": 0.025, "one computes": 0.025, "two compute": 0.05}))
		}, []string{python + "that's partly true. A small loop is enough: two coroutines that wait took 25 ms, where one takes 25 ms. Two that compute took 50 ms, where one takes 25 ms. So they are concurrent; what they aren't is parallel."}},
		{"event-loop", "waits that don't overlap", func(lab *notebook.Lab) {
			judgeTurns(lab, notebook.MadeUp(map[string]float64{"one waits": 0.025, "two wait": 0.05, "one computes": 0.025, "two compute": 0.05}))
		}, []string{python + "that's not true. On the loop of thirty lines, two coroutines that wait took 50 ms, where one takes 25 ms. Two that compute took 50 ms, where one takes 25 ms."}},
		{"faster-than-threads", "no faster", func(lab *notebook.Lab) {
			judgeWaits(lab, noPython, notebook.MadeUp(map[string]float64{"ten threads": 0.026, "ten tasks": 0.025}))
		}, []string{python + "that's not true. With the same requests and as many of them at a time, ten tasks took 25 ms, and ten threads 26 ms: asyncio makes no such difference."}},
		{"faster-than-threads", "twice as fast", func(lab *notebook.Lab) {
			judgeWaits(lab, noPython, notebook.MadeUp(map[string]float64{"ten threads": 0.05, "ten tasks": 0.025}))
		}, []string{python + "that's true. With the same requests and as many of them at a time, ten tasks took 25 ms, and ten threads 50 ms."}},
		{"ten-thousand", "idle", func(lab *notebook.Lab) {
			quiet := notebook.MadeUp(map[string]float64{"cpus": 0.002, "answer": 90e-6, "memory": 5000})
			judgeConnections(lab, 10_000, []held{
				{name: "CPython, a thread each", python: true, connections: 1000, Samples: notebook.MadeUp(map[string]float64{"memory": 17_000, "answer": 25e-6})},
				{name: tasksEach, python: true, connections: 1000, Samples: quiet}, {name: tasksEach, python: true, connections: 10_000, Samples: quiet},
				{name: goroutinesEach, connections: 10_000, Samples: quiet},
			})
		}, []string{
			python + "that's true. 10,000 connections on which nothing was said kept 0.0020 CPUs busy, and one of them was answered within 90 µs. With 1,000 open, each took 4.9 KiB in a task, and was answered within 90 µs; in a thread, it took 17 KiB and was answered within 25 µs.",
			golang + "it's the same. 10,000 connections on which nothing was said kept 0.0020 CPUs busy, and one of them was answered within 90 µs.",
		}},
		{"ten-thousand", "fewer, busy, no Python", func(lab *notebook.Lab) {
			judgeConnections(lab, 500, []held{
				{name: tasksEach, python: true, connections: 500, Samples: noPython},
				{name: goroutinesEach, connections: 500, Samples: notebook.MadeUp(map[string]float64{"cpus": 0.2, "answer": 90e-6, "memory": 5000})},
			})
		}, []string{
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "it's different. 500 connections on which nothing was said kept 0.20 CPUs busy, and one of them was answered within 90 µs.",
		}},
		{"one-world", "as ever", func(lab *notebook.Lab) {
			judgeSpinners(lab, notebook.MadeUp(map[string]float64{"silence": 0.02, "part": 0.33}),
				notebook.MadeUp(map[string]float64{"tasks, silence": 0.061, "tasks, part": 1.01, "threads, silence": 0.007}))
		}, []string{
			python + "that's true. Asyncio's tasks take turns as green threads do: beside one that computed for 60 ms, another had to wait for 61 ms. A thread had to wait for 7 ms.",
			golang + "it's different. Goroutines are green threads that the runtime interrupts. On one CPU, beside one that computed for 60 ms, another had to wait for 20 ms.",
		}},
		{"one-world", "the other way round", func(lab *notebook.Lab) {
			judgeSpinners(lab, notebook.MadeUp(map[string]float64{"silence": 0.06, "part": 1}),
				notebook.MadeUp(map[string]float64{"tasks, silence": 0.02, "tasks, part": 0.3, "threads, silence": 0.007}))
		}, []string{
			python + "that's not true. Beside one of asyncio's tasks that computed for 60 ms, another had to wait for 20 ms. A thread had to wait for 7 ms.",
			golang + "it's the same. On one CPU, beside a goroutine that computed for 60 ms, another had to wait for 60 ms.",
		}},
		{"costs", "as it aims", func(lab *notebook.Lab) {
			judgeCosts(lab, notebook.MadeUp(madeUpCosts), notebook.MadeUp(theirMadeUpCosts), held{connections: 10_000, Samples: notebook.MadeUp(map[string]float64{"cpus": 0.002, "answer": 40e-6, "memory": 3900})})
		}, []string{
			loop + "that's true. A switch takes 0.25 µs, a bare iter.Pull 0.15 µs, asyncio.sleep(0) 3 µs.",
			loop + "that's true. A task takes 0.8 µs, asyncio's 12 µs.",
			loop + "that's true. Without the system's part, a request takes 3 µs instead of 12 µs over 1 connection, and 3 µs instead of 12 µs over 1,000 connections, beside asyncio.",
			loop + "that's true. A request takes 13 µs instead of 12 µs over 1 connection, and 13 µs instead of 12 µs over 1,000 connections, beside the bare server.",
			loop + "that's true. Of 100,000 that slept, the last was 70 ms late. Each takes 3 KiB, a goroutine 2.7 KiB.",
			loop + "that's true. 10,000 connections that say nothing keep 0.0020 CPUs busy, and one is answered within 40 µs.",
		}},
		{"costs", "no Python, and few open files", func(lab *notebook.Lab) {
			judgeCosts(lab, notebook.MadeUp(madeUpCosts), noPython, held{connections: 32, Samples: notebook.MadeUp(map[string]float64{"cpus": 0.2, "answer": 40e-6, "memory": 3900})})
		}, []string{
			loop + "we can't tell here. A switch / iter.Pull = 1.67, below the line at 1.80; python3 was not found on PATH.",
			loop + "we can't tell here. python3 was not found on PATH.",
			loop + "we can't tell here. python3 was not found on PATH.",
			loop + "that's true. A request takes 13 µs instead of 12 µs over 1 connection, and 13 µs instead of 12 µs over 1,000 connections, beside the bare server.",
			loop + "that's true. Of 100,000 that slept, the last was 70 ms late. Each takes 3 KiB, a goroutine 2.7 KiB.",
			loop + "that's not true. 32 connections that say nothing keep 0.20 CPUs busy, and one is answered within 40 µs.",
		}},
	} {
		t.Run(c.section+", "+c.outcome, func(t *testing.T) {
			result, err := chapter.Try(c.section, c.judge)
			require.NoError(t, err)
			require.Equal(t, c.want, result.Said())
		})
	}
}

var (
	madeUpCosts = map[string]float64{
		"pull": 0.15e-6 * switches, "switch": 0.25e-6 * switches, "create": 0.8e-6 * creations,
		"bare epoll, 1/cpu": 12e-6, "bare epoll, 1/user": 1e-6, "bare epoll, 1000/cpu": 12e-6, "bare epoll, 1000/user": 1e-6,
		"event loop, 1/cpu": 13e-6, "event loop, 1/user": 3e-6, "event loop, 1000/cpu": 13e-6, "event loop, 1000/user": 3e-6,
		"coroutines/late": 0.07, "coroutines/memory": 3100, "goroutines/memory": 2800,
	}
	theirMadeUpCosts = map[string]float64{
		"sleep(0)": 3e-6 * theirSwitches, "create_task": 12e-6 * theirCreations,
		"asyncio, 1/cpu": 23e-6, "asyncio, 1/user": 12e-6, "asyncio, 1000/cpu": 23e-6, "asyncio, 1000/user": 12e-6,
	}
)
