package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/workload"
)

func compareBlocking(ctx context.Context, lab *notebook.Lab) error {
	lab.CPUs("4.8")
	const blocked, beat = 30 * time.Millisecond, time.Millisecond
	lab.Predict("a bell that rings every %v is silent while its loop is blocked, all of it; beside a thread, a process or a goroutine it rings on, except beside a thread that holds the GIL", beat)
	var went measure.Samples
	beside := func(name string, job func()) measure.Variant {
		return measure.Variant{Name: name, Run: func(context.Context) error {
			b, stop := ringInGoroutine(beat)
			start := measure.WallTime()
			job()
			took := measure.WallTime() - start
			stop()
			went.Add("silence, "+name, b.longest.Seconds())
			went.Add("part, "+name, b.longest.Seconds()/took.Seconds())
			return nil
		}}
	}
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"blocked": blocked.Seconds(), "beat": beat.Seconds(), "exponent": 70_000},
		beside("sleep", func() { time.Sleep(blocked) }),
		beside("power", func() { workload.Power() }))
	if err != nil {
		return err
	}
	judgeBlocking(lab, went, theirs)
	return nil
}

func judgeBlocking(lab *notebook.Lab, went, theirs measure.Samples) {
	silence := notebook.Time("longest silence of a bell that rings every millisecond")
	lab.Headline(silence, "A bell that rings every millisecond: its longest silence")
	show := func(name string, s measure.Samples, variant string) string {
		e := s.Estimate("silence, " + variant)
		lab.Figure(silence, name, e)
		return e.Seconds()
	}
	coroutine := show("CPython, time.sleep in a coroutine", theirs, "coroutine")
	thread := show("CPython, time.sleep in to_thread", theirs, "to_thread, sleep")
	power := show("CPython, 7777 ** 70000 in to_thread", theirs, "to_thread, power")
	process := show("CPython, 7777 ** 70000 in a process", theirs, "process, power")
	sleep := show("Go, time.Sleep in a goroutine", went, "sleep")
	goPower := show("Go, 7777 ** 200000 in a goroutine", went, "power")
	lab.Figure(notebook.Time("longest silence of a thread beside that loop"), "CPython, time.sleep in a coroutine", theirs.Estimate("silence, beside"))

	part := func(s measure.Samples, variant string) measure.Estimate { return s.Estimate("part, " + variant) }
	loop := part(theirs, "coroutine").Above("silence of a task / the sleep in a coroutine", 0.5)
	others := part(theirs, "beside").Above("silence of another thread / that sleep", 0.5)
	lab.Judge("4.4", notebook.CPython, half(loop, others))
	text := "A time.sleep of 30 ms in a coroutine held up every other task for " + coroutine
	there := fmt.Sprintf(" In to_thread it held up nobody for longer than %s.", thread)
	lab.Answer("4.4", notebook.CPython, notebook.Wording{
		measure.Yes:    fmt.Sprintf("%s, and a thread beside the loop for %s.%s", text, theirs.Estimate("silence, beside").Seconds(), there),
		measure.InPart: text + ", though a thread beside the loop ran on." + there,
		measure.No:     text + "." + there,
	})
	lab.Judge("4.8", notebook.CPython, half(
		part(theirs, "to_thread, sleep").Below("silence of a task / a sleep in to_thread", 0.5),
		part(theirs, "to_thread, power").Below("silence of a task / a power there", 0.5)))
	text = fmt.Sprintf("A big power, as in the article, silenced the loop for %s although it ran in to_thread; in a process, for %s.", power, process)
	lab.Answer("4.8", notebook.CPython, notebook.Wording{measure.Yes: text, measure.InPart: text, measure.No: text})

	lab.Judge("4.4", notebook.Go, part(went, "sleep").Below("silence of a goroutine / the sleep of another", 0.5).Means(measure.Different, measure.Same))
	text = fmt.Sprintf("nother one was silent for %s beside a sleep, and for %s beside one that computed 7777 ** 200000.", sleep, goPower)
	lab.Answer("4.4", notebook.Go, notebook.Wording{
		measure.Different: "A goroutine that blocks holds up only itself. A" + text,
		measure.Same:      "A goroutine that blocked held up others: a" + text,
	})
}

// half is the verdict on a sentence with two halves, of which the second may be
// wrong.
func half(first, second measure.Verdict) measure.Verdict {
	both := measure.All(first, second)
	if first.Answer == measure.Yes && second.Answer == measure.No {
		both.Answer = measure.InPart
	}
	return both
}

// A ringing knows how long it was silent before a ring.
type ringing struct {
	rings   int
	longest time.Duration
	last    time.Duration
}

func (r *ringing) ring() {
	now := measure.WallTime()
	r.longest, r.last = max(r.longest, now-r.last), now
	r.rings++
}

// ringInGoroutine rings in a goroutine, which has begun when it returns, until
// it's stopped.
func ringInGoroutine(beat time.Duration) (r *ringing, stop func()) {
	r = new(ringing)
	begun, done := make(chan struct{}), make(chan struct{})
	var bell sync.WaitGroup
	bell.Go(func() {
		ticks := time.NewTicker(beat)
		defer ticks.Stop()
		r.last = measure.WallTime()
		close(begun)
		for {
			select {
			case <-done:
				return
			case <-ticks.C:
				r.ring()
			}
		}
	})
	<-begun
	return r, func() {
		close(done)
		bell.Wait()
		r.longest = max(r.longest, measure.WallTime()-r.last) // it may not have rung at all
	}
}
