package main

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/timeline"
	"concurrency-notebook/internal/workload"
)

const clients, connections = 12, 3

func compareLimits(ctx context.Context, lab *notebook.Lab) error {
	const delay = 15 * time.Millisecond
	const turns = clients / connections
	lab.Predict("%d requests of %v, %d at a time, take %d/%d = %d turns, %v; all at once, one", clients, delay, connections, clients, connections, turns, turns*delay)
	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	var counts measure.Samples
	fetch := func(name string, limit int64) measure.Variant {
		return measure.Variant{Name: name, Run: func(ctx context.Context) error {
			var served atomic.Int64
			most, err := mostInside(ctx, semaphore.NewWeighted(limit), clients, func(ctx context.Context) error {
				defer timeline.Record(ctx, fmt.Sprintf("client %2d", served.Add(1)), "request")()
				return site.Fetch(ctx)
			})
			counts.Add("most, "+name, float64(most))
			return err
		}}
	}
	limited, atOnce := fetch("limited", connections), fetch("at once", clients)
	went, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"url": site.URL, "clients": clients, "connections": connections}, limited, atOnce)
	if err != nil {
		return err
	}
	went = went.With(counts)
	for _, g := range gates() {
		refused := g.releaseOnce()
		went.Add("refused, "+g.name, measure.Truth(refused))
		went.Add("lets in, "+g.name, float64(g.count()))
	}
	rec := timeline.Start()
	if err := limited.Run(rec.Attach(ctx)); err != nil {
		return err
	}
	lab.Draw(timeline.Chart{Title: fmt.Sprintf("One run: %d clients, %d connections", clients, connections),
		Panels: []timeline.Panel{{Title: "goroutines, in the order in which they get a connection", Lanes: rec.Timeline()}}})
	judgeSemaphore(lab, went, theirs)
	return nil
}

func judgeSemaphore(lab *notebook.Lab, went, theirs measure.Samples) {
	took := notebook.Time(fmt.Sprintf("time for %d requests", clients))
	both := []struct {
		of      notebook.Subject
		samples measure.Samples
		yes     measure.Answer
	}{{notebook.CPython, theirs, measure.Yes}, {notebook.Go, went, measure.Same}}
	for _, b := range both {
		limited, atOnce, most := b.samples.Estimate("limited"), b.samples.Estimate("at once"), b.samples.Estimate("most, limited")
		lab.Figure(took, fmt.Sprintf("%s, %d at a time", b.of, connections), limited, 0.015*clients/connections)
		lab.Figure(took, string(b.of)+", all at once", atOnce, 0.015)
		verdict := measure.Cannot("%s", most.Missing)
		switch {
		case most.N > 0 && most.High < connections:
			verdict = measure.Cannot("no more than %.0f clients ever met, which proves nothing", most.High)
		case most.N > 0:
			verdict = measure.Fact(most.High == connections, "of %d clients up to %.0f were inside at once", clients, most.High)
		}
		lab.Judge("6.10", b.of, verdict)
		lab.Answer("6.10", b.of, notebook.Wording{
			b.yes: fmt.Sprintf("Of %d clients at most %.0f were inside at once, so their requests took %s. All at once they take %s.",
				clients, most.High, limited.Seconds(), atOnce.Seconds()),
			measure.No:        fmt.Sprintf("Of %d clients %.0f were inside at once.", clients, most.High),
			measure.Different: fmt.Sprintf("Of %d clients %.0f were inside at once.", clients, most.High),
		})
	}

	const lets = "let in by three slots, after one release too many"
	lab.Show("CPython, Semaphore", lets, theirs.Estimate("lets in, Semaphore"), 3)
	lab.Show("CPython, BoundedSemaphore", lets, theirs.Estimate("lets in, BoundedSemaphore"), 3)
	lab.Show("Go, semaphore.Weighted", lets, went.Estimate("lets in, semaphore.Weighted"), 3)
	lab.Show("Go, a buffered channel", lets, went.Estimate("lets in, a buffered channel"), 3)
	refused, letIn := theirs.Estimate("refused, BoundedSemaphore"), theirs.Estimate("lets in, BoundedSemaphore")
	verdict := measure.Cannot("%s", refused.Missing)
	if refused.N > 0 {
		verdict = measure.Fact(refused.Median == 1 && letIn.Median == 3, "a BoundedSemaphore of 3, released once too often, %s and lets in %.0f",
			map[float64]string{0: "says nothing", 1: "raises ValueError"}[refused.Median], letIn.Median)
	}
	lab.Judge("6.11", notebook.CPython, verdict)
	text := fmt.Sprintf("A `BoundedSemaphore` that's released once too often %s, and goes on letting in %.0f.",
		map[float64]string{0: "says nothing", 1: "raises `ValueError`"}[refused.Median], letIn.Median)
	lab.Answer("6.11", notebook.CPython, notebook.Wording{measure.Yes: text, measure.No: text})
	refused, letIn = went.Estimate("refused, semaphore.Weighted"), went.Estimate("lets in, semaphore.Weighted")
	lab.Judge("6.11", notebook.Go, measure.Fact(refused.Median == 1 && letIn.Median > 3,
		"a semaphore.Weighted of 3, released once too often, %s, and lets in %.0f afterwards",
		map[float64]string{0: "says nothing", 1: "panics"}[refused.Median], letIn.Median).Means(measure.Different, measure.Same))
	text = fmt.Sprintf("A `semaphore.Weighted` that's released once too often %s, and lets in %.0f afterwards instead of 3.",
		map[float64]string{0: "says nothing", 1: "panics"}[refused.Median], letIn.Median)
	lab.Answer("6.11", notebook.Go, notebook.Wording{measure.Different: text, measure.Same: strings.TrimSuffix(text, " instead of 3.") + "."})
}

// A gate is a semaphore of three slots that nobody is in.
type gate struct {
	name    string
	enter   func() bool // unless it is full
	release func() (done bool)
}

func gates() []gate {
	const size = 3
	weighted := semaphore.NewWeighted(size)
	slots := make(chan struct{}, size) // a send enters
	return []gate{
		{"semaphore.Weighted", func() bool { return weighted.TryAcquire(1) },
			func() bool { weighted.Release(1); return true }},
		{"a buffered channel", func() bool {
			select {
			case slots <- struct{}{}:
				return true
			default:
				return false
			}
		}, func() bool {
			select {
			case <-slots:
				return true
			default: // a receive would wait
				return false
			}
		}},
	}
}

// releaseOnce releases what nobody has acquired, and tells whether that was
// refused. A panic is recovered, as in a server.
func (g gate) releaseOnce() (refused bool) {
	defer func() {
		if recover() != nil {
			refused = true
		}
	}()
	return !g.release()
}

// count lets in as many as there is room for.
func (g gate) count() (entered int) {
	for g.enter() {
		entered++
	}
	return entered
}
