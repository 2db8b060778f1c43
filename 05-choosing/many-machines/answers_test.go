package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

const isTrue, isNot = "For JetStream, that's true. ", "For JetStream, that's not true. "

// costs are samples of empty tasks, through the queue and through a pool.
func costs(queue, pool float64) measure.Samples {
	return notebook.MadeUp(map[string]float64{"queue": emptyTasks * queue, "pool": emptyTasks * pool})
}

func bereft(lost, again float64) measure.Samples {
	return notebook.MadeUp(map[string]float64{
		"lost": lost, "done again": again, "leaders differ": 1,
		"send, led by it": 5, "send, led by another": 0.01, "take, led by it": 4, "take, led by another": 0.02,
	})
}

const stoodStill = "Where it had led the queue, nobody could send for 5 s. Where it had led the workers' list, no worker got a task for 4 s."

func poisoned(deaths, letters, left float64) measure.Samples {
	return notebook.MadeUp(map[string]float64{
		"deaths, 1": 1, "letters, 1": 1, "left, 1": 1,
		"deaths, 3": deaths, "letters, 3": letters, "left, 3": left,
		"deaths, -1": mostDeaths, "letters, -1": 0, "left, -1": 1,
	})
}

func roasted(renewed float64) measure.Samples {
	s := make(map[string]float64)
	for _, r := range roasting {
		s["silent, "+r.name], s["renewed, "+r.name] = r.silent, renewed
	}
	return notebook.MadeUp(s)
}

// How each outcome reads, whichever machine it comes up on.
func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		section, outcome string
		judge            func(*notebook.Lab)
		want             string
	}{
		{"work-queue", "dear", func(lab *notebook.Lab) { judgeQueue(lab, costs(200e-6, 20e-6)) },
			isTrue + "On this machine, the queue costs a task 200 µs, and a call to a worker process 20 µs."},
		{"work-queue", "cheap", func(lab *notebook.Lab) { judgeQueue(lab, costs(40e-6, 20e-6)) },
			isNot + "On this machine, the queue costs a task 40 µs, and a call to a worker process 20 µs."},
		{"worker-dies", "none lost", func(lab *notebook.Lab) {
			judgeWorkerDeaths(lab, notebook.MadeUp(map[string]float64{"lost": 0, "LEASE-100": 0.11, "LEASE-200": 0.21, "LEASE-400": 0.41}))
		}, "We killed the worker of 9 tasks, and another worker got each of them: with a lease of 100 ms after 110 ms, with a lease of 400 ms after 410 ms."},
		{"worker-dies", "lost", func(lab *notebook.Lab) {
			judgeWorkerDeaths(lab, notebook.MadeUp(map[string]float64{"lost": 1, "LEASE-100": 0, "LEASE-200": 0, "LEASE-400": 0}))
		}, "We killed the worker of 9 tasks, and no other worker ever got 9 of them."},
		{"server-dies", "none lost", func(lab *notebook.Lab) { judgeServerDeath(lab, bereft(0, 0)) },
			isTrue + "We killed one of three servers under 9 queues with a worker each. No message was lost, and no finished task came back. " + stoodStill},
		{"server-dies", "messages lost", func(lab *notebook.Lab) { judgeServerDeath(lab, bereft(2, 0)) },
			isNot + "We killed one of three servers under 9 queues with a worker each. 9 of them lost messages, and in 0 a finished task came back. " + stoodStill},
		{"server-dies", "done again", func(lab *notebook.Lab) { judgeServerDeath(lab, bereft(0, 1)) },
			isNot + "We killed one of three servers under 9 queues with a worker each. 0 of them lost messages, and in 9 a finished task came back. " + stoodStill},
		{"same-message-twice", "once", func(lab *notebook.Lab) {
			judgeTwice(lab, notebook.MadeUp(map[string]float64{"kept, no identity": 200, "kept, identity": 100, "late": 2}), notebook.MadeUp(map[string]float64{"no identity": 0.01, "identity": 0.01}))
		}, "Of 100 messages that were sent twice, it kept 200 without an identity, and 100 with one. One that was sent again after the server had forgotten its identity was kept again."},
		{"same-message-twice", "more than once", func(lab *notebook.Lab) {
			judgeTwice(lab, notebook.MadeUp(map[string]float64{"kept, no identity": 200, "kept, identity": 101, "late": 2}), notebook.MadeUp(map[string]float64{"no identity": 0.01, "identity": 0.01}))
		}, "Of 100 messages that were sent twice, it kept 200 without an identity, and 101 with one."},
		{"poison-task", "given up", func(lab *notebook.Lab) { judgePoison(lab, poisoned(3, 1, 1)) },
			"With three deliveries allowed, a task that kills its worker killed 3, then a dead letter came, and all 9 other tasks were done. Without a limit it killed every worker that we started, until we stopped after 5."},
		{"poison-task", "for ever", func(lab *notebook.Lab) { judgePoison(lab, poisoned(5, 0, 3)) },
			"With three deliveries allowed, a task that kills its worker killed 5, 0 dead letters came, and 3 of 10 tasks were left."},
		{"back-pressure", "bounded", func(lab *notebook.Lab) {
			judgePressure(lab, notebook.MadeUp(map[string]float64{"most, bounded": 20, "over, bounded": 0, "most, unbounded": 300, "refused, bounded": 60, "refused, unbounded": 0, "left, bounded": 0}), notebook.MadeUp(map[string]float64{"bounded": 0.13, "unbounded": 0.12}))
		}, "Of 400 orders in a hurry, up to 300 waited in a queue without a limit, and never more than 20 where there was room for 20. All were done, after 120 ms and 130 ms."},
		{"back-pressure", "overrun", func(lab *notebook.Lab) {
			judgePressure(lab, notebook.MadeUp(map[string]float64{"most, bounded": 25, "over, bounded": 1, "most, unbounded": 300, "refused, bounded": 60, "refused, unbounded": 0, "left, bounded": 1}), notebook.MadeUp(map[string]float64{"bounded": 0.13, "unbounded": 0.12}))
		}, "In 9 of 9 rounds more than 20 orders waited where there was room for 20, and in 9 not all were done."},
		{"slow-worker", "renewed", func(lab *notebook.Lab) { judgeLeases(lab, roasted(1)) },
			"A task of two and a half leases was given to 3 workers if they were silent, and to 1 if they sent heartbeats."},
		{"slow-worker", "renewed in vain", func(lab *notebook.Lab) { judgeLeases(lab, roasted(2)) },
			"A task of two and a half leases was given to 3 workers if they were silent, and to 2 if they sent heartbeats."},
		{"start-again", "all there", func(lab *notebook.Lab) {
			judgeRestarts(lab, notebook.MadeUp(map[string]float64{"lost": 0}), notebook.MadeUp(map[string]float64{"back": 0.02, "as usual": 0.02, "careful": 0.06}))
		}, "We killed the server 9 times with 200 orders in its queue, and each time all were there when it had started again, after 20 ms."},
		{"start-again", "lost", func(lab *notebook.Lab) {
			judgeRestarts(lab, notebook.MadeUp(map[string]float64{"lost": 3}), notebook.MadeUp(map[string]float64{"back": 0.02, "as usual": 0.02, "careful": 0.06}))
		}, "We killed the server 9 times with 200 orders in its queue, and 9 times some were missing."},
	} {
		t.Run(c.section+", "+c.outcome, func(t *testing.T) {
			result, err := chapter.Try(c.section, c.judge)
			require.NoError(t, err)
			require.Equal(t, []string{c.want}, result.Said())
		})
	}
}
