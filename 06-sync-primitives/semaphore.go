package main

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
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
	fmt.Fprintln(w, "\nA gate for 3, released once too often")
	for _, g := range gates() {
		outcome := g.releaseOnce()
		fmt.Fprintf(w, "  %-27s %-12s lets in %d\n", g.name, outcome, g.count())
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

// A gate is a semaphore of three slots that nobody is in.
type gate struct {
	name    string
	enter   func() bool // unless it is full
	release func() (blocks bool)
}

func gates() []gate {
	const size = 3
	plain := primitive.NewSemaphore(size)
	bounded := primitive.NewBoundedSemaphore(size)
	weighted := semaphore.NewWeighted(size)
	slots := make(chan struct{}, size) // a send enters
	return []gate{
		{"primitive.Semaphore", plain.TryAcquire,
			func() bool { plain.Release(1); return false }},
		{"primitive.BoundedSemaphore", bounded.TryAcquire,
			func() bool { bounded.Release(1); return false }},
		{"semaphore.Weighted", func() bool { return weighted.TryAcquire(1) },
			func() bool { weighted.Release(1); return false }},
		{"buffered channel", func() bool {
			select {
			case slots <- struct{}{}:
				return true
			default:
				return false
			}
		}, func() bool {
			select {
			case <-slots:
				return false
			default: // a receive would wait
				return true
			}
		}},
	}
}

// releaseOnce releases what nobody has acquired, and tells what
// becomes of that. A panic is recovered, as in a server.
func (g gate) releaseOnce() (outcome string) {
	defer func() {
		if recover() != nil {
			outcome = "panics"
		}
	}()
	if blocks := g.release(); blocks {
		return "would block"
	}
	return "is silent"
}

// count lets in as many as there is room for.
func (g gate) count() (entered int) {
	for g.enter() {
		entered++
	}
	return entered
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
	var inside, most atomic.Int64
	fetch := func(limit int) func(context.Context) error {
		return func(ctx context.Context) error {
			connections := primitive.NewBoundedSemaphore(limit)
			var arrived atomic.Int64
			group, ctx := errgroup.WithContext(ctx)
			for range requests {
				group.Go(func() error {
					lane := fmt.Sprintf("client %2d", arrived.Add(1))
					waited := timeline.Record(ctx, lane, "waits")
					if err := connections.Acquire(ctx); err != nil {
						return err
					}
					waited()
					defer connections.Release(1)
					now := inside.Add(1)
					for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
					}
					defer inside.Add(-1)
					defer timeline.Record(ctx, lane, "request")()
					return site.Fetch(ctx)
				})
			}
			return group.Wait()
		}
	}
	var counts measure.Samples
	went, err := lab.InTurn(ctx,
		measure.Variant{Name: "limited", Run: fetch(limit), After: func() error {
			counts.Add("most", float64(most.Swap(0)))
			return nil
		}},
		measure.Variant{Name: "at once", Run: fetch(requests), After: func() error { most.Store(0); return nil }})
	if err != nil {
		return err
	}
	rec := timeline.Start()
	if err := fetch(limit)(rec.Attach(ctx)); err != nil {
		return err
	}
	lab.Draw(timeline.Chart{Title: fmt.Sprintf("One run: %d clients, %d connections", requests, limit),
		Panels: []timeline.Panel{{Title: "goroutines, in the order in which they came", Lanes: rec.Timeline()}}})
	twin := lab.Twin(ctx, map[string]any{"url": site.URL, "requests": requests, "limit": limit})

	judge := func(of notebook.Subject, samples measure.Samples) {
		ratio := samples.Ratio("limited", "at once")
		lab.Show(fmt.Sprintf("%s, %d at a time", of, limit), "x all at once", ratio, turns)
		if inside := samples.Estimate("most"); inside.N == 0 {
			lab.Judge("6.10", of, measure.Cannot("%s", inside.Missing))
		} else {
			verdict := measure.Fact(inside.Low == limit && inside.High == limit,
				"of %d clients at most %.0f were inside at once", requests, inside.High)
			verdict.Timed = true // on a busy machine fewer may be inside at once
			lab.Judge("6.10", of, verdict)
		}
	}
	judge(notebook.CPython, twin)
	judge(notebook.Go, went.With(counts))
	lab.Judge("6.11", notebook.Go, keepsItsBound())
	lab.Judge("6.11", notebook.CPython, keptItsBound(twin))
	return nil
}

// keepsItsBound judges the semaphore that a Go programmer would take.
func keepsItsBound() measure.Verdict {
	for _, g := range gates() {
		if g.name == "semaphore.Weighted" {
			outcome, entered := g.releaseOnce(), g.count()
			return measure.Fact(outcome == "panics" && entered == 3,
				"a semaphore.Weighted of 3, released once too often, %s, but then lets in %d", outcome, entered)
		}
	}
	return measure.Cannot("there is no semaphore.Weighted among the gates")
}

func keptItsBound(twin measure.Samples) measure.Verdict {
	entered, refused := twin.Estimate("can enter"), twin.Estimate("refused")
	if entered.N == 0 {
		return measure.Cannot("%s", entered.Missing)
	}
	outcome := map[float64]string{0: "says nothing", 1: "raises ValueError"}[refused.Median]
	return measure.Fact(entered.Median == 3 && refused.Median == 1,
		"a BoundedSemaphore of 3, released once too often, %s and lets in %.0f", outcome, entered.Median)
}
