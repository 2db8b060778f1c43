package main

import (
	"context"
	"fmt"

	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

func measureThreadCost(ctx context.Context, lab *notebook.Lab) error {
	const goroutines, threads = 10_000, 1000
	lab.Predict("a goroutine or an asyncio task is an object and, in Go, a small stack; a thread is made by the system, with a stack of its own")

	// Each in a program of its own: memory that was used once is used again.
	var taken measure.Samples
	alive := func(name string, n int) measure.Variant {
		return measure.Variant{Name: name, Run: func(ctx context.Context) error {
			c, err := again.Run[cost](ctx, gather, crowd{n, name == "system thread"})
			if err != nil {
				return err
			}
			taken.Add("one "+name, c.Seconds/float64(n))
			taken.Add("all of "+name, c.Seconds)
			if c.Bytes > 0 {
				taken.Add("memory of "+name, c.Bytes/float64(n))
			}
			return nil
		}}
	}
	_, theirs, err := lab.InTurnWithTwin(ctx, nil, alive("goroutine", goroutines), alive("system thread", threads))
	if err != nil {
		return err
	}
	judgeThreadCost(lab, taken, theirs)
	return nil
}

func judgeThreadCost(lab *notebook.Lab, taken, theirs measure.Samples) {
	each := notebook.Time("time to start one, let it wait, and end it")
	memory := notebook.Unit{Name: "memory for one that waits", Say: measure.Bytes}
	lab.Headline(each, "To start one, let it wait, and end it")
	for _, row := range []struct {
		name, variant string
		samples       measure.Samples
	}{
		{"CPython, one of 10,000 threads (measured once)", "thread of 10,000", theirs},
		{"CPython, one of 1,000 threads", "thread", theirs},
		{"CPython, one of 10,000 tasks", "task", theirs},
		{"Go, one of 1,000 system threads", "system thread", taken},
		{"Go, one of 10,000 goroutines", "goroutine", taken},
	} {
		lab.Figure(each, row.name, row.samples.Estimate("one "+row.variant))
		lab.Figure(memory, row.name, row.samples.Estimate("memory of "+row.variant))
	}

	all := theirs.Estimate("all of thread of 10,000")
	verdict := measure.Cannot("%s", all.Missing)
	started := theirs.Estimate("started")
	if all.N > 0 {
		verdict = measure.Fact(started.Median == 10_000, "%s of 10,000 threads ran at the same time, and took %s", measure.Count(started.Median), all.Seconds())
	}
	lab.Judge("1.9", notebook.CPython, verdict.Means(measure.InPart, measure.No))
	lab.Answer("1.9", notebook.CPython, notebook.Wording{
		measure.InPart: fmt.Sprintf("10,000 threads did run at the same time, but starting and ending them took %s. 10,000 asyncio tasks took %s.",
			all.Seconds(), theirs.Estimate("all of task").Seconds()),
		measure.No: fmt.Sprintf("Here the system gave the program %s threads, and no more.", measure.Count(started.Median)),
	})

	ratio := taken.With(theirs).Ratio("one thread", "one goroutine")
	lab.Judge("1.9", notebook.Go, ratio.Above("a thread of CPython / a goroutine", 10).Means(measure.Different, measure.Same))
	text := fmt.Sprintf("10,000 goroutines took %s, which is %s each. A Python thread, one of 1,000, takes %s.",
		taken.Estimate("all of goroutine").Seconds(), taken.Estimate("one goroutine").Seconds(), theirs.Estimate("one thread").Seconds())
	lab.Answer("1.9", notebook.Go, notebook.Wording{measure.Different: text, measure.Same: text})
}

// A crowd is so many goroutines that wait at the same time.
type crowd struct {
	Size        int
	KeepThreads bool // each its own
}

// A cost is what it takes to have a crowd.
type cost struct {
	Seconds float64
	Bytes   float64 // 0 where the system does not tell
}

// gather is this program again, which has a crowd and says what that cost.
var gather = again.Define("crowd", func(c crowd) error {
	before, start := measure.ResidentMemory(), measure.WallTime()
	more := 0
	whileWaiting(c.Size, c.KeepThreads, func() { more = measure.ResidentMemory() - before })
	return again.Say(cost{Seconds: (measure.WallTime() - start).Seconds(), Bytes: float64(more)})
})
