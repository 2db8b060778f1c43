package main

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// ofGo is what Go has for the first and the last of them.
func ofGo(ctx context.Context) []path {
	weighted := semaphore.NewWeighted(1)
	slots := make(chan struct{}, 1)
	orders := make(chan int, 8)
	return []path{
		{"semaphore.Weighted", func(n int) {
			for range n {
				weighted.Acquire(ctx, 1)
				weighted.Release(1)
			}
		}},
		{"a channel of slots", func(n int) {
			for range n {
				slots <- struct{}{}
				<-slots
			}
		}},
		{"a buffered channel", func(n int) {
			for i := range n {
				orders <- i
				<-orders
			}
		}},
	}
}

// between lets one goroutine put and another get, n times, and where there is no
// room or no item they wait for each other.
func between(ctx context.Context) []path {
	const room = 8
	orders := primitive.NewQueue[int](room)
	tickets := make(chan int, room)
	both := func(n int, put func(i int), get func()) {
		var cook sync.WaitGroup
		cook.Go(func() {
			for range n {
				get()
			}
		})
		for i := range n {
			put(i)
		}
		cook.Wait()
	}
	return []path{
		{"Queue, between two", func(n int) {
			both(n, func(i int) { orders.Put(ctx, i) }, func() { orders.Get(ctx) })
		}},
		{"a channel in a select, between two", func(n int) {
			both(n, func(i int) {
				select {
				case tickets <- i:
				case <-ctx.Done():
				}
			}, func() {
				select {
				case <-tickets:
				case <-ctx.Done():
				}
			})
		}},
		{"a bare channel, between two", func(n int) {
			both(n, func(i int) { tickets <- i }, func() { <-tickets })
		}},
	}
}

// wake lets so many wait, and returns how long it took from the call that wakes
// them until the last one had returned.
func wake(ctx context.Context, waiters int, before, wait, call func()) (time.Duration, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // no collection meanwhile
	var ready, returned sync.WaitGroup
	ready.Add(waiters)
	for range waiters {
		returned.Go(func() {
			before()
			ready.Done()
			wait()
		})
	}
	ready.Wait()
	err := settle(ctx)
	start := measure.WallTime()
	call()
	returned.Wait()
	return measure.WallTime() - start, err
}

// settle returns when no goroutine but this one runs or is about to: then all
// that wait have really begun to.
func settle(ctx context.Context) error {
	about := []metrics.Sample{
		{Name: "/sched/goroutines/runnable:goroutines"},
		{Name: "/sched/goroutines/running:goroutines"},
	}
	for ctx.Err() == nil {
		runtime.Gosched()
		metrics.Read(about)
		if about[0].Value.Uint64()+about[1].Value.Uint64() <= 1 {
			return nil
		}
	}
	return context.Cause(ctx)
}

// wakers wake so many waiters, who wait with a context, and return how long that
// took. A sync.Cond has none.
var wakers = map[string]func(ctx, wait context.Context, waiters int) (time.Duration, error){
	"sync.Cond": func(ctx, _ context.Context, waiters int) (time.Duration, error) {
		var mu sync.Mutex
		c := sync.NewCond(&mu)
		return wake(ctx, waiters, mu.Lock, func() { c.Wait(); mu.Unlock() },
			func() { mu.Lock(); c.Broadcast(); mu.Unlock() })
	},
	"Condition": func(ctx, wait context.Context, waiters int) (time.Duration, error) {
		var c primitive.Condition
		return wake(ctx, waiters, c.Lock, func() { c.Wait(wait); c.Unlock() },
			func() { c.Lock(); c.NotifyAll(); c.Unlock() })
	},
	"Event": func(ctx, wait context.Context, waiters int) (time.Duration, error) {
		var e primitive.Event
		return wake(ctx, waiters, func() {}, func() { e.Wait(wait) }, e.Set)
	},
}

const few, many = 1000, 10_000 // waiters

// woken is the name of what is measured when so many are woken.
func woken(way string, waiters int) string {
	return way + ", " + measure.Number(float64(waiters))
}

// A limit is an aim of package primitive: a path takes at most so many times as
// long as its counterpart.
type limit struct {
	claim, path, counterpart string
	most                     float64
}

var limits = []limit{
	{"6.34", "Semaphore", "semaphore.Weighted", 1.3},
	{"6.34", "Semaphore", "a channel of slots", 1},
	{"6.36", "Queue", "a buffered channel", 1.5},
	{"6.37", woken("Condition", few), woken("sync.Cond", few), 2},
	{"6.37", woken("Condition, context", few), woken("sync.Cond", few), 2},
	{"6.37", woken("Condition", many), woken("sync.Cond", many), 2},
	{"6.37", woken("Condition, context", many), woken("sync.Cond", many), 2},
	{"6.38", woken("Event", few), woken("sync.Cond", few), 1.5},
	{"6.38", woken("Event, context", few), woken("sync.Cond", few), 1.5},
	{"6.38", woken("Event", many), woken("sync.Cond", many), 1.5},
	{"6.38", woken("Event, context", many), woken("sync.Cond", many), 1.5},
}

func measureCosts(ctx context.Context, lab *notebook.Lab) error {
	const times, theirTimes, theirWaiters = 400_000, 10_000, 300
	lab.Predict("where nobody has to wait, a primitive is a mutex and a few lines, locked twice for two operations; to wake a waiter is to make a goroutine ready, whatever it waited for")

	// Each is timed by itself: what is not timed, to make them wait,
	// takes longer than to wake them.
	var went measure.Samples
	paths := uncontended(ctx)
	var variants []measure.Variant
	for _, path := range slices.Concat(paths, ofGo(ctx), between(ctx)) {
		variants = append(variants, measure.Variant{Name: path.name, Run: func(context.Context) error {
			start := measure.WallTime()
			path.do(times)
			went.Add(path.name, (measure.WallTime()-start).Seconds()/times)
			return nil
		}})
	}
	for _, waiters := range []int{few, many} {
		variants = append(variants,
			wakes("sync.Cond", "sync.Cond", waiters, nil, &went),
			wakes("Condition", "Condition", waiters, context.Background(), &went),
			wakes("Condition, context", "Condition", waiters, ctx, &went),
			wakes("Event", "Event", waiters, context.Background(), &went),
			wakes("Event, context", "Event", waiters, ctx, &went))
	}
	_, theirs, err := lab.InTurnWithTwin(ctx, map[string]any{"times": theirTimes, "waiters": theirWaiters}, variants...)
	if err != nil {
		return err
	}
	both := went.With(theirs)

	alone := notebook.Time("time where nobody has to wait")
	besideGo := notebook.Unit{Name: "times as long as what Go has", Say: measure.Times}
	besideCond := notebook.Unit{Name: "per waiter woken, times as long as sync.Cond", Say: measure.Times}
	besidePython := notebook.Unit{Name: "times as fast as in CPython", Say: measure.Times}
	for _, path := range paths {
		lab.Figure(alone, path.name, went.Estimate(path.name))
	}
	judged := make(map[string][]part)
	for _, l := range limits {
		ratio := went.Ratio(l.path, l.counterpart)
		if strings.HasPrefix(l.counterpart, "sync.Cond") {
			lab.Figure(besideCond, l.path, ratio)
		} else {
			lab.Figure(besideGo, l.path+" / "+l.counterpart, ratio)
		}
		judged[l.claim] = append(judged[l.claim], atMost(l.path+" / "+l.counterpart, ratio, l.most))
	}
	for _, channel := range []string{"a channel in a select", "a bare channel"} {
		lab.Figure(besideGo, "Queue / "+channel+", between two goroutines",
			went.Ratio("Queue, between two", channel+", between two"))
	}
	faster := func(name, theirs, ours string, theirNumber float64) {
		ratio := both.Ratio(theirs, ours).Times(1 / theirNumber)
		lab.Figure(besidePython, name, ratio)
		judged["6.39"] = append(judged["6.39"], atLeast(name, ratio, 2))
	}
	for _, path := range paths {
		faster(path.name, "their "+path.name, path.name, theirTimes)
	}
	for _, way := range []string{"Condition", "Event"} {
		faster(way+", per waiter woken", "their "+way+" wakes", woken(way, few), theirWaiters)
	}

	lab.Judge("6.34", ourPrimitives, worst(judged["6.34"]))
	lab.Judge("6.35", ourPrimitives, noAllocation(paths))
	for _, claim := range []string{"6.36", "6.37", "6.38", "6.39"} {
		lab.Judge(claim, ourPrimitives, worst(judged[claim]))
	}
	return nil
}

// wakes returns a variant that wakes so many waiters, who wait with the context,
// and adds the seconds that it took for each to the samples.
func wakes(name, way string, waiters int, wait context.Context, went *measure.Samples) measure.Variant {
	rooms := max(1, 5*few/waiters) // few are woken in no time
	return measure.Variant{Name: name, Run: func(ctx context.Context) error {
		var all time.Duration
		for range rooms {
			took, err := wakers[way](ctx, wait, waiters)
			if err != nil {
				return err
			}
			all += took
		}
		went.Add(woken(name, waiters), all.Seconds()/float64(rooms*waiters))
		return nil
	}}
}

func noAllocation(paths []path) measure.Verdict {
	allocated := ""
	for _, path := range paths {
		if n := allocations(path); n > 0 {
			allocated += fmt.Sprintf(", %s %v", path.name, n)
		}
	}
	return measure.Fact(allocated == "", "%d paths, 1,000 times each: %s",
		len(paths), cmp.Or(strings.TrimPrefix(allocated, ", "), "no allocation"))
}

// A part is one of several things that a claim says of ratios.
type part struct {
	verdict measure.Verdict
	off     float64 // how far the ratio is from the limit: above 1, it is beyond
}

func atMost(name string, ratio measure.Estimate, limit float64) part {
	return part{ratio.Below(name, limit), ratio.Median / limit}
}

func atLeast(name string, ratio measure.Estimate, limit float64) part {
	return part{ratio.Above(name, limit), limit / ratio.Median}
}

// worst returns the verdict on a claim that holds if all its parts do. Of the
// evidence it names only that of the worst part.
func worst(parts []part) measure.Verdict {
	var verdicts []measure.Verdict
	for _, p := range parts {
		verdicts = append(verdicts, p.verdict)
	}
	all := measure.All(verdicts...)
	if len(parts) < 2 {
		return all
	}
	var shown part
	for _, p := range parts {
		if p.verdict.Answer == all.Answer && (shown.verdict.Answer == "" || p.off > shown.off) {
			shown = p
		}
	}
	all.Evidence = fmt.Sprintf("the worst of %d: %s", len(parts), shown.verdict.Evidence)
	if shown.off == 0 || shown.off > 1e9 { // nothing was measured
		all.Evidence = shown.verdict.Evidence
	}
	return all
}
