package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

var noPython = measure.Missing("python3 was not found on PATH")

const python, golang = "In Python, ", "In Go, "

// How each outcome reads, whichever machine it comes up on.
func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		section, outcome string
		judge            func(*notebook.Lab)
		want             []string
	}{
		{"smallest-unit", "as on Linux", func(lab *notebook.Lab) {
			judgeSmallestUnit(lab, notebook.MadeUp(map[string]float64{"threads seen": 58, "goroutines seen": 9}), notebook.MadeUp(map[string]float64{"threads": 50, "tasks": 1}))
		}, []string{
			python + "that's true. The system sees every one of 50 Python threads. Of 10,000 asyncio tasks it sees none: they share 1 thread.",
			golang + "it's the same. The system runs threads. But a goroutine isn't one: 10,000 of them share 9 threads, and the system never hears of them.",
		}},
		{"smallest-unit", "a thread for each", func(lab *notebook.Lab) {
			judgeSmallestUnit(lab, notebook.MadeUp(map[string]float64{"threads seen": 58, "goroutines seen": 10_003}), notebook.MadeUp(map[string]float64{"threads": 50, "tasks": 10_000}))
		}, []string{
			python + "that's not true. The system had 50 threads for 50 Python threads, and 10,000 threads for 10,000 asyncio tasks.",
			golang + "it's different. Here the system had 10,003 threads for 10,000 goroutines.",
		}},
		{"smallest-unit", "no Python", func(lab *notebook.Lab) {
			judgeSmallestUnit(lab, notebook.MadeUp(map[string]float64{"threads seen": 58, "goroutines seen": 9}), noPython)
		}, []string{
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "it's the same. The system runs threads. But a goroutine isn't one: 10,000 of them share 9 threads, and the system never hears of them.",
		}},
		{"shared-memory", "shared", func(lab *notebook.Lab) {
			judgeSharedMemory(lab, notebook.MadeUp(map[string]float64{"read": 1}), notebook.MadeUp(map[string]float64{"read": 1}))
		}, []string{
			python + "that's true. One thread reads what another has written into a global variable.",
			golang + "it's the same. One goroutine reads what another has written into a global variable.",
		}},
		{"shared-memory", "not shared, no Go", func(lab *notebook.Lab) {
			judgeSharedMemory(lab, notebook.MadeUp(map[string]float64{"read": 0}), notebook.MadeUp(map[string]float64{"read": 0}))
		}, []string{
			python + "that's not true. In 9 of 9 rounds one thread didn't read what another had written into a global variable.",
			golang + "it's different. In 9 of 9 rounds one goroutine didn't read what another had written into a global variable.",
		}},
		{"any-order", "several orders", func(lab *notebook.Lab) {
			var found measure.Samples
			found.Add("order", 1234, 1243, 1234)
			judgeOrders(lab, found, found)
		}, []string{
			python + "that's true. When we let four threads go at the same signal, 3 times, 2 of the 24 possible orders came up.",
			golang + "it's the same. When we let four goroutines go at the same signal, 3 times, 2 of the 24 possible orders came up.",
		}},
		{"any-order", "one order", func(lab *notebook.Lab) {
			judgeOrders(lab, notebook.MadeUp(map[string]float64{"order": 1234}), noPython)
		}, []string{
			python + "we can't tell here. python3 was not found on PATH.",
			golang + "we can't tell here. 9 starts of four goroutines ended in one order, which proves nothing.",
		}},
		{"seen-by-all", "always seen", func(lab *notebook.Lab) {
			judgeSeenByAll(lab, map[string]int{"plainflag": 2}, "", notebook.MadeUp(map[string]float64{"seen": 1}), true)
		}, []string{
			python + "that's true. The interpreter lock, the GIL, guarantees it: it passes from one thread to the next, and with it everything that was written before.",
			golang + "it's different. A plain variable promises nothing. Go's race detector finds 2 data races in the program further down: one goroutine reads what another may be writing at that moment.",
		}},
		{"seen-by-all", "a Python without a GIL", func(lab *notebook.Lab) {
			judgeSeenByAll(lab, map[string]int{"plainflag": 0}, "", notebook.MadeUp(map[string]float64{"seen": 1}), false)
		}, []string{
			python + "we can't tell here. In 9 of 9 rounds the other thread saw the change, and without a GIL no number of rounds proves that it always will.",
			golang + "we can't tell here. The race detector saw no race on a plain flag, which proves nothing.",
		}},
		{"seen-by-all", "not seen, no gcc", func(lab *notebook.Lab) {
			judgeSeenByAll(lab, nil, "the race detector needs a C compiler", notebook.MadeUp(map[string]float64{"seen": 0}), true)
		}, []string{
			python + "that's not true. In 9 of 9 rounds a thread saw the flag, and not yet the change that came before it.",
			golang + "we can't tell here. The race detector needs a C compiler.",
		}},
		{"concurrent-or-parallel", "two CPUs", func(lab *notebook.Lab) {
			judgeProcessors(lab, notebook.MadeUp(map[string]float64{"in turn": 0.11, "one": 0.11, "two": 0.055, "two/cpus": 1.98}))
		}, []string{
			golang + "it's different. Goroutines that compute run in parallel wherever there are CPUs for them: two need 55 ms for what takes 110 ms one after the other. On one CPU they need 110 ms.",
		}},
		{"concurrent-or-parallel", "one CPU", func(lab *notebook.Lab) {
			judgeProcessors(lab, notebook.MadeUp(map[string]float64{"in turn": 0.11, "one": 0.11, "two": 0.12, "two/cpus": 1.0}))
		}, []string{
			golang + "it's the same. Here two goroutines that compute shared one CPU: they needed 120 ms for what takes 110 ms one after the other.",
		}},
		{"io-in-threads", "faster", func(lab *notebook.Lab) {
			judgeFetching(lab, notebook.MadeUp(map[string]float64{"in turn": 0.22, "threads": 0.024}), notebook.MadeUp(map[string]float64{"in turn": 0.24, "threads": 0.03}))
		}, []string{
			python + "that's partly true. Here ten threads are 8× faster: 30 ms instead of 240 ms. But in the article's own table they're 4× faster, not more than 5.",
			golang + "it's the same. Ten goroutines are 9.2× faster: 24 ms instead of 220 ms.",
		}},
		{"io-in-threads", "slower", func(lab *notebook.Lab) {
			judgeFetching(lab, notebook.MadeUp(map[string]float64{"in turn": 0.22, "threads": 0.11}), notebook.MadeUp(map[string]float64{"in turn": 0.24, "threads": 0.06}))
		}, []string{
			python + "that's not true. Here ten threads are 4× faster: 60 ms instead of 240 ms.",
			golang + "it's different. Ten goroutines are 2× faster: 110 ms instead of 220 ms.",
		}},
		{"thread-cost", "ten thousand", func(lab *notebook.Lab) {
			judgeThreadCost(lab, notebook.MadeUp(map[string]float64{"one goroutine": 3e-6, "all of goroutine": 0.03}),
				notebook.MadeUp(map[string]float64{"started": 10_000, "all of thread of 10,000": 6.7, "all of task": 0.16, "one thread": 250e-6}))
		}, []string{
			python + "that's partly true. 10,000 threads did run at the same time, but starting and ending them took 6.7 s. 10,000 asyncio tasks took 160 ms.",
			golang + "it's different. 10,000 goroutines took 30 ms, which is 3 µs each. A Python thread, one of 1,000, takes 250 µs.",
		}},
		{"thread-cost", "fewer", func(lab *notebook.Lab) {
			judgeThreadCost(lab, notebook.MadeUp(map[string]float64{"one goroutine": 100e-6, "all of goroutine": 1}),
				notebook.MadeUp(map[string]float64{"started": 4_096, "all of thread of 10,000": 0, "all of task": 0.16, "one thread": 250e-6}))
		}, []string{
			python + "that's not true. Here the system gave the program 4,096 threads, and no more.",
			golang + "it's the same. 10,000 goroutines took 1 s, which is 100 µs each. A Python thread, one of 1,000, takes 250 µs.",
		}},
		{"life-and-death", "as ever", func(lab *notebook.Lab) {
			judgeEndings(lab, ending{}, ending{2, "panic: fire in the kitchen"}, notebook.MadeUp(map[string]float64{"waited": 1, "survived": 1}))
		}, []string{
			python + "that's true. After main had ended, the program ran until its last thread finished. An exception in a thread ended that thread and nothing else.",
			golang + "it's different. When main returned, the program ended with it, though a goroutine still ran. A panic in one goroutine ended all of them.",
		}},
		{"life-and-death", "another way", func(lab *notebook.Lab) {
			judgeEndings(lab, ending{code: 1}, ending{}, notebook.MadeUp(map[string]float64{"waited": 0, "survived": 1}))
		}, []string{
			python + "that's not true. The program ended while one of its threads still ran.",
			golang + "it's the same. The program's exit codes were 1 and 0.",
		}},
	} {
		t.Run(c.section+", "+c.outcome, func(t *testing.T) {
			result, err := chapter.Try(c.section, c.judge)
			require.NoError(t, err)
			require.Equal(t, c.want, result.Said())
		})
	}
}
