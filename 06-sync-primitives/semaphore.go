package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/timeline"
	"concurrency-notebook/internal/virtual"
	"concurrency-notebook/internal/workload"
)

func limitWithSemaphore(ctx context.Context, w io.Writer) error {
	if err := shareConnections(ctx, w); err != nil {
		return err
	}
	fmt.Fprintln(w, "\nA gate for 3, released once too often, lets in")
	for _, g := range gates() {
		entered, panicked := g.overRelease()
		fmt.Fprintf(w, "  %-27s %d; panic: %t\n", g.name, entered, panicked)
	}
	return nil
}

func shareConnections(ctx context.Context, w io.Writer) error {
	return virtual.Run(ctx, func(ctx context.Context) error {
		connections := semaphore.NewWeighted(3)
		start := time.Now()
		group, ctx := errgroup.WithContext(ctx)
		for range 10 {
			group.Go(func() error {
				if err := connections.Acquire(ctx, 1); err != nil {
					return err
				}
				defer connections.Release(1)
				time.Sleep(time.Second) // the client uses its connection
				return nil
			})
		}
		err := group.Wait()
		fmt.Fprintln(w, "10 clients, 3 connections, 1s each:", time.Since(start))
		return err
	})
}

// A gate is a semaphore of three slots that nobody is in, as two functions.
type gate struct {
	name    string
	enter   func() bool // unless it is full
	release func()
}

func gates() []gate {
	const size = 3
	plain := primitive.NewSemaphore(size)
	bounded := primitive.NewBoundedSemaphore(size)
	weighted := semaphore.NewWeighted(size)
	slots := make(chan struct{}, size) // a send enters
	return []gate{
		{"primitive.Semaphore", plain.TryAcquire,
			func() { plain.Release(1) }},
		{"primitive.BoundedSemaphore", bounded.TryAcquire,
			func() { bounded.Release(1) }},
		{"semaphore.Weighted", func() bool { return weighted.TryAcquire(1) },
			func() { weighted.Release(1) }},
		{"buffered channel", func() bool { return offer(slots) },
			func() {
				if !poll(slots) {
					panic("a release that nobody needs")
				}
			}},
	}
}

func offer(slots chan struct{}) bool {
	select {
	case slots <- struct{}{}:
		return true
	default:
		return false
	}
}

func poll(slots chan struct{}) bool {
	select {
	case <-slots:
		return true
	default:
		return false
	}
}

// overRelease releases once too often, goes on after the panic, if
// there is one, and counts how many can enter then.
func (g gate) overRelease() (entered int, panicked bool) {
	func() {
		defer func() { panicked = recover() != nil }()
		g.release()
	}()
	for g.enter() {
		entered++
	}
	return entered, panicked
}

func compareLimits(ctx context.Context, lab *notebook.Lab) error {
	const requests, limit, delay = 12, 3, 15 * time.Millisecond
	const turns = requests / limit
	lab.Predict("%d requests, %d at a time, take %d/%d = %d times as long as all at once", requests, limit, requests, limit, turns)

	site, err := workload.Serve(delay)
	if err != nil {
		return err
	}
	defer site.Close()
	fetch := func(limit int) func(context.Context) error {
		return func(ctx context.Context) error {
			connections := primitive.NewBoundedSemaphore(limit)
			group, ctx := errgroup.WithContext(ctx)
			for client := range requests {
				group.Go(func() error {
					lane := fmt.Sprintf("client %2d", client+1)
					waited := timeline.Record(ctx, lane, "waits")
					if err := connections.Acquire(ctx); err != nil {
						return err
					}
					waited()
					defer connections.Release(1)
					defer timeline.Record(ctx, lane, "request")()
					return site.Fetch(ctx)
				})
			}
			return group.Wait()
		}
	}
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "limited", Run: fetch(limit)},
		measure.Variant{Name: "at once", Run: fetch(requests)})
	if err != nil {
		return err
	}
	rec := timeline.Start()
	if err := fetch(limit)(rec.Attach(ctx)); err != nil {
		return err
	}
	lab.Draw(timeline.Chart{Title: "One run: 12 clients, 3 connections",
		Panels: []timeline.Panel{{Title: "goroutines, in the order in which they came to the semaphore", Lanes: rec.Timeline()}}})
	twin := lab.Twin(ctx, map[string]any{"url": site.URL, "requests": requests, "limit": limit})

	judge := func(of notebook.Subject, samples measure.Samples) {
		ratio := samples.Ratio("limited", "at once")
		lab.Show(fmt.Sprintf("%s, %d at a time", of, limit), "x all at once", ratio, turns)
		lab.Judge("6.10", of, ratio.Decide(fmt.Sprintf("%d at a time / all at once", limit), turns, 1))
	}
	judge(notebook.CPython, twin)
	judge(notebook.Go, went)
	lab.Judge("6.11", notebook.Go, keepsItsBound())
	lab.Judge("6.11", notebook.CPython, keptItsBound(twin))
	return nil
}

// keepsItsBound judges the semaphore that a Go programmer would take.
func keepsItsBound() measure.Verdict {
	for _, g := range gates() {
		if g.name == "semaphore.Weighted" {
			entered, panicked := g.overRelease()
			return measure.Fact(entered == 3 && panicked,
				"one release too many of a semaphore.Weighted of 3 panics (%t), and once that is recovered %d can enter", panicked, entered)
		}
	}
	return measure.Cannot("there is no semaphore.Weighted among the gates")
}

func keptItsBound(twin measure.Samples) measure.Verdict {
	entered, refused := twin.Estimate("can enter"), twin.Estimate("refused")
	if entered.N == 0 {
		return measure.Cannot("%s", entered.Missing)
	}
	return measure.Fact(entered.Median == 3 && refused.Median == 1,
		"one release too many of a BoundedSemaphore of 3 raises ValueError (%t), and %.0f can enter", refused.Median == 1, entered.Median)
}
