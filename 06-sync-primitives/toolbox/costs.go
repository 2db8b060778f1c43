package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/semaphore"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// A path is what a primitive is asked to do, n times, when nobody is
// in its way.
type path struct {
	name string
	do   func(n int)
}

func uncontended(ctx context.Context) []path {
	var slots primitive.Semaphore
	var bounded primitive.BoundedSemaphore
	var lock primitive.RLock
	var owner primitive.Owner
	var doorsOpen primitive.Event
	var filled primitive.Condition
	var orders primitive.Queue[int]
	alone := primitive.NewBarrier(1, nil)
	return []path{
		{"Semaphore", func(n int) {
			for range n {
				slots.Acquire(ctx)
				slots.Release(1)
			}
		}},
		{"BoundedSemaphore", func(n int) {
			for range n {
				bounded.Acquire(ctx)
				bounded.Release(1)
			}
		}},
		{"RLock", func(n int) {
			for range n {
				lock.Acquire(ctx, &owner)
				lock.Release(&owner)
			}
		}},
		{"Event", func(n int) {
			for range n {
				doorsOpen.Set()
				doorsOpen.Wait(ctx)
				doorsOpen.Clear()
			}
		}},
		{"Condition", func(n int) {
			for range n {
				filled.Lock()
				filled.Notify(1)
				filled.Unlock()
			}
		}},
		{"Barrier", func(n int) {
			for range n {
				alone.Wait(ctx)
			}
		}},
		{"Queue", func(n int) {
			for i := range n {
				orders.Put(ctx, i)
				orders.Get(ctx)
			}
		}},
	}
}

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

func costs(ctx context.Context, w io.Writer) error {
	for _, path := range uncontended(ctx) {
		fmt.Fprintf(w, "%-17s%v allocations\n", path.name, allocations(path))
	}
	return nil
}

// allocations returns how often the path allocates memory, of 1,000 times.
func allocations(path path) float64 {
	return testing.AllocsPerRun(10, func() { path.do(1000) })
}

// wake lets so many wait, and returns how long it took from the call that wakes
// them until the last one had returned.
func wake(waiters int, before, wait, call func()) time.Duration {
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
	settle()
	start := time.Now()
	call()
	returned.Wait()
	return time.Since(start)
}

func wakeCond(_ context.Context, waiters int) time.Duration {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	return wake(waiters, mu.Lock, func() { c.Wait(); mu.Unlock() },
		func() { mu.Lock(); c.Broadcast(); mu.Unlock() })
}

func wakeCondition(ctx context.Context, waiters int) time.Duration {
	var c primitive.Condition
	return wake(waiters, c.Lock, func() { c.Wait(ctx); c.Unlock() },
		func() { c.Lock(); c.NotifyAll(); c.Unlock() })
}

func wakeEvent(ctx context.Context, waiters int) time.Duration {
	var e primitive.Event
	return wake(waiters, func() {}, func() { e.Wait(ctx) }, e.Set)
}

// settle returns when no goroutine but this one runs or is about to: then all
// that wait have really begun to.
func settle() {
	about := []metrics.Sample{
		{Name: "/sched/goroutines/runnable:goroutines"},
		{Name: "/sched/goroutines/running:goroutines"},
	}
	for {
		runtime.Gosched()
		metrics.Read(about)
		if about[0].Value.Uint64()+about[1].Value.Uint64() <= 1 {
			return
		}
	}
}

func measureCosts(ctx context.Context, lab *notebook.Lab) error {
	const times, few, many = 400_000, 1000, 10_000
	const wakeFew = 5 // times, since once is short
	const theirTimes, theirWaiters = 10_000, 300
	lab.Predict("where nobody is in the way, a primitive is a mutex and a few lines, locked twice for two operations; to wake a waiter is to make a goroutine ready, whatever it waited for")

	var went measure.Samples
	var variants []measure.Variant
	paths := uncontended(ctx)
	for _, path := range slices.Concat(paths, ofGo(ctx)) {
		variants = append(variants, measure.Variant{Name: path.name, Run: func(context.Context) error {
			start := time.Now()
			path.do(times)
			went.Add(path.name, time.Since(start).Seconds())
			return nil
		}})
	}
	// To make them wait takes longer than to wake them, and is not timed.
	ways := []struct {
		name string
		ctx  context.Context
		wake func(context.Context, int) time.Duration
	}{
		{"sync.Cond", context.Background(), wakeCond},
		{"Condition", context.Background(), wakeCondition},
		{"Event", context.Background(), wakeEvent},
		{"Condition, context", ctx, wakeCondition},
		{"Event, context", ctx, wakeEvent},
	}
	for _, waiters := range []int{few, many} {
		for _, way := range ways {
			variants = append(variants, measure.Variant{Name: way.name, Run: func(context.Context) error {
				var took time.Duration
				rooms := max(1, wakeFew*few/waiters)
				for range rooms {
					took += way.wake(way.ctx, waiters)
				}
				went.Add(fmt.Sprint(way.name, " ", waiters), took.Seconds()/float64(rooms*waiters))
				return nil
			}})
		}
	}
	if _, err := lab.InTurn(ctx, variants...); err != nil {
		return err
	}
	twin := lab.Twin(ctx, map[string]any{"times": theirTimes, "waiters": theirWaiters})
	both := went.With(twin)

	const once, aWaiter = "ns, nobody in the way", "ns a waiter that wakes up"
	for _, path := range paths {
		lab.Show("Go, "+path.name, once, went.Estimate(path.name).Times(1e9/times))
	}
	for _, path := range ofGo(ctx) {
		lab.Show("Go, "+path.name, once, went.Estimate(path.name).Times(1e9/times))
	}
	for _, path := range paths {
		lab.Show("CPython, "+path.name, once, twin.Estimate("their "+path.name).Times(1e9/theirTimes))
	}
	for _, waiters := range []int{few, many} {
		for _, way := range []string{"sync.Cond", "Condition", "Condition, context", "Event", "Event, context"} {
			lab.Show(fmt.Sprintf("Go, %s, %s", way, measure.Number(float64(waiters))), aWaiter,
				went.Estimate(fmt.Sprint(way, " ", waiters)).Times(1e9))
		}
	}
	for _, way := range []string{"Condition", "Event"} {
		lab.Show(fmt.Sprintf("CPython, %s, %d", way, theirWaiters), aWaiter, twin.Estimate("their "+way+" wakes").Times(1e9/theirWaiters))
	}

	lab.Judge("6.34", notebook.Go, measure.All(
		went.Ratio("Semaphore", "semaphore.Weighted").Below("Semaphore / Weighted", 1.3),
		went.Ratio("Semaphore", "a channel of slots").Below("Semaphore / channel", 1)))
	allocated := ""
	for _, path := range paths {
		if n := allocations(path); n > 0 {
			allocated += fmt.Sprintf(", %s %v", path.name, n)
		}
	}
	lab.Judge("6.35", notebook.Go, measure.Fact(allocated == "", "%d paths, 1,000 times each: %s",
		len(paths), cmp.Or(strings.TrimPrefix(allocated, ", "), "no allocation")))
	lab.Judge("6.36", notebook.Go, went.Ratio("Queue", "a buffered channel").Below("Queue / channel", 1.5))
	for _, judged := range []struct{ claim, way string }{{"6.37", "Condition"}, {"6.38", "Event"}} {
		var verdicts []measure.Verdict
		for _, waiters := range []int{few, many} {
			for _, way := range []string{judged.way, judged.way + ", context"} {
				verdicts = append(verdicts, went.Ratio(fmt.Sprint(way, " ", waiters), fmt.Sprint("sync.Cond ", waiters)).
					Below(fmt.Sprintf("%s / Cond, %s", way, measure.Number(float64(waiters))), 1.5))
			}
		}
		lab.Judge(judged.claim, notebook.Go, measure.All(verdicts...))
	}
	var verdicts []measure.Verdict
	for _, path := range paths {
		verdicts = append(verdicts, both.Ratio("their "+path.name, path.name).Times(times/theirTimes).Above(path.name, 5))
	}
	for _, way := range []string{"Condition", "Event"} {
		verdicts = append(verdicts, both.Ratio("their "+way+" wakes", fmt.Sprint(way, " ", few)).
			Times(1.0/theirWaiters).Above(way+", to wake one", 5))
	}
	lab.Judge("6.39", notebook.Go, measure.All(verdicts...))
	return nil
}
