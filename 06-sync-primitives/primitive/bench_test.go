package primitive

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/semaphore"
)

// The uncontended paths, beside what Go has. Ratios are what counts.
func BenchmarkUncontended(b *testing.B) {
	ctx := b.Context()
	weighted := semaphore.NewWeighted(1)
	slots := make(chan struct{}, 1)
	tickets := make(chan int, 8)
	var sem Semaphore
	var bounded BoundedSemaphore
	var event Event
	var condition Condition
	var rlock RLock
	var queue Queue[int]
	var owner Owner
	barrier := NewBarrier(1, nil)
	for _, path := range []struct {
		name string
		run  func()
	}{
		{"semaphore", func() { sem.Acquire(ctx); sem.Release(1) }},
		{"bounded", func() { bounded.Acquire(ctx); bounded.Release(1) }},
		{"weighted", func() { weighted.Acquire(ctx, 1); weighted.Release(1) }},
		{"slots", func() { slots <- struct{}{}; <-slots }},
		{"queue", func() { queue.Put(ctx, 1); queue.Get(ctx) }},
		{"channel", func() { tickets <- 1; <-tickets }},
		{"event", func() { event.Set(); event.Wait(ctx); event.Clear() }},
		{"condition", func() { condition.Lock(); condition.Notify(1); condition.Unlock() }},
		{"rlock", func() { rlock.Acquire(ctx, &owner); rlock.Release(&owner) }},
		{"barrier", func() { barrier.Wait(ctx) }},
	} {
		b.Run(path.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				path.run()
			}
		})
	}
}

// Waking many: the time from the call until the last has returned.
func BenchmarkWake(b *testing.B) {
	for _, waiters := range []int{1_000, 10_000} {
		wakeEach(b, waiters)
	}
}

// The same beside two goroutines that compute.
func BenchmarkWakeBusy(b *testing.B) {
	var done atomic.Bool
	var busy sync.WaitGroup
	for range 2 {
		busy.Go(func() {
			for !done.Load() { // it spins, on purpose
			}
		})
	}
	defer busy.Wait()
	defer done.Store(true)
	wakeEach(b, 1_000)
}

func wakeEach(b *testing.B, waiters int) {
	for _, ctx := range []context.Context{context.Background(), b.Context()} {
		name := fmt.Sprintf("%d/", waiters)
		if ctx.Done() != nil {
			name += "cancellable/"
		}
		b.Run(name+"condition", func(b *testing.B) {
			var c Condition
			wake(b, waiters, func() (wait func()) {
				c.Lock() // so the notification comes when all wait
				return func() { c.Wait(ctx); c.Unlock() }
			}, func() { c.Lock(); c.NotifyAll(); c.Unlock() })
		})
		b.Run(name+"event", func(b *testing.B) {
			var e Event
			wake(b, waiters, func() (wait func()) {
				now := e.Done() // from here on it waits for this one
				return func() { await(ctx, now) }
			}, func() { e.Set(); e.Clear() })
		})
	}
	b.Run(fmt.Sprintf("%d/cond", waiters), func(b *testing.B) {
		var mu sync.Mutex
		c := sync.NewCond(&mu)
		wake(b, waiters, func() (wait func()) {
			mu.Lock()
			return func() { c.Wait(); mu.Unlock() }
		}, func() { mu.Lock(); c.Broadcast(); mu.Unlock() })
	})
}

// wake lets so many arrive, and times the waking of them. Who has arrived is
// woken by the notification, wherever it is by then.
func wake(b *testing.B, waiters int, arrive func() (wait func()), notify func()) {
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		var arrived, woken sync.WaitGroup
		arrived.Add(waiters)
		for range waiters {
			woken.Go(func() {
				wait := arrive()
				arrived.Done()
				wait()
			})
		}
		arrived.Wait()
		b.StartTimer()
		notify()
		woken.Wait()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*waiters), "ns/waiter")
}
