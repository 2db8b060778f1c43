package primitive

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// The cases of CPython's Lib/test/lock_tests.py stand in the other files, under
// the names that they have there. Here is what CPython's do not have: contexts.

// slot is a lock whose Lock blocks durably, so that a test can stand still
// while it is held.
type slot chan struct{}

func (s slot) Lock()   { s <- struct{}{} }
func (s slot) Unlock() { <-s }

var errHurry = errors.New("in a hurry")

// A notification and the end of a waiter's context meet in every order, and with
// every pause in between: in each, either the first waiter was notified or the
// second one was, and the first one says which.
func TestNotifyMeetsCancel(t *testing.T) {
	steps := []string{"lock", "notify", "unlock"}
	for cancelAt := range len(steps) + 1 {
		order := slices.Insert(slices.Clone(steps), cancelAt, "cancel")
		for pauses := range 1 << len(order) {
			t.Run(fmt.Sprintf("%v/%04b", order, pauses), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					lock := make(slot, 1)
					c := NewCondition(lock)
					ctx, cancel := context.WithCancelCause(t.Context())
					defer cancel(nil)
					rest, stop := context.WithCancelCause(t.Context())
					defer stop(nil)

					var first, second error
					var waiters sync.WaitGroup
					wait := func(ctx context.Context, err *error) {
						waiters.Go(func() {
							c.Lock()
							defer c.Unlock()
							*err = c.Wait(ctx)
						})
						synctest.Wait()
					}
					wait(ctx, &first)
					wait(rest, &second)
					act := map[string]func(){
						"lock": c.Lock, "notify": func() { c.Notify(1) }, "unlock": c.Unlock,
						"cancel": func() { cancel(errHurry) },
					}
					for i, step := range order {
						act[step]()
						if pauses&(1<<i) != 0 {
							synctest.Wait() // all that can go on has gone on
						}
					}
					synctest.Wait()
					stop(errNobody)
					waiters.Wait()

					// Before the lock was taken, the first may have left the
					// line, and has if it was given the time.
					mayHaveLeft, hasLeft := cancelAt == 0, cancelAt == 0 && pauses&1 != 0
					if hasLeft || mayHaveLeft && first != nil {
						require.ErrorIs(t, first, errHurry)
						require.NoError(t, second)
					} else {
						require.NoError(t, first)
						require.ErrorIs(t, second, errNobody)
					}
				})
			})
		}
	}
}

var errNobody = errors.New("nobody called")

// The same for what a Release hands over, in real time and many times: no slot
// is lost, and none is made.
func TestReleaseMeetsCancel(t *testing.T) {
	s := NewSemaphore(0)
	for range 2000 {
		ctx, cancel := context.WithCancelCause(t.Context())
		var got error
		var waiter, others sync.WaitGroup
		waiter.Go(func() { got = s.Acquire(ctx) })
		others.Go(func() { cancel(errHurry) })
		others.Go(func() { s.Release(1) })
		others.Wait()
		waiter.Wait()
		if got != nil {
			require.ErrorIs(t, got, errHurry)
			require.True(t, s.TryAcquire(), "the slot that nobody waited for is free")
		}
		require.False(t, s.TryAcquire())
	}
}

// waits returns every wait there is, each on a primitive on which it must wait,
// and a check that nobody is in a line any more.
func waits(t *testing.T) (all map[string]func(context.Context) error, nobodyWaits func()) {
	var c Condition
	var e Event
	var q Queue[string]
	full := NewQueue[string](1)
	require.NoError(t, full.Put(t.Context(), "soup"))
	var l RLock
	require.True(t, l.TryAcquire(new(Owner)))
	s, bounded, barrier := NewSemaphore(0), NewBoundedSemaphore(0), NewBarrier(2, nil)
	all = map[string]func(context.Context) error{
		"Condition.Wait": func(ctx context.Context) error {
			c.Lock()
			defer c.Unlock() // it holds the lock again, or this panics
			return c.Wait(ctx)
		},
		"Condition.WaitFor": func(ctx context.Context) error {
			c.Lock()
			defer c.Unlock()
			return c.WaitFor(ctx, func() bool { return false })
		},
		"Event.Wait":               e.Wait,
		"Semaphore.Acquire":        s.Acquire,
		"BoundedSemaphore.Acquire": bounded.Acquire,
		"RLock.Acquire":            func(ctx context.Context) error { return l.Acquire(ctx, new(Owner)) },
		"Barrier.Wait":             func(ctx context.Context) error { _, err := barrier.Wait(ctx); return err },
		"Queue.Get":                func(ctx context.Context) error { _, err := q.Get(ctx); return err },
		"Queue.Put":                func(ctx context.Context) error { return full.Put(ctx, "cake") },
		"Queue.Join":               full.Join,
	}
	return all, func() {
		for _, l := range []line{c.waiting, s.waiting, bounded.semaphore.waiting, l.waiting, barrier.waiting, q.notEmpty, full.notFull, full.allDone} {
			require.Zero(t, l)
		}
	}
}

// Each wait ends with its context, and with its cause.
func TestEveryWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all, nobodyWaits := waits(t)
		for name, wait := range all {
			start := time.Now()
			ctx, cancel := context.WithTimeoutCause(t.Context(), time.Hour, errHurry)
			defer cancel()
			require.ErrorIs(t, wait(ctx), errHurry, name)
			require.Equal(t, time.Hour, time.Since(start), name)
			require.Error(t, wait(ctx), "%s: a context that has ended", name)
			require.Equal(t, time.Hour, time.Since(start), name)
		}
		nobodyWaits()
	})
}

// Whoever leaves the line, the others are called in the order in which they came.
func TestLeaveFromAnywhere(t *testing.T) {
	const waiters = 4
	for leaving := range 1 << waiters {
		synctest.Test(t, func(t *testing.T) {
			s := NewSemaphore(0)
			var served, want []int
			var all sync.WaitGroup
			var cancels [waiters]context.CancelFunc
			for i := range waiters {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				cancels[i] = cancel
				all.Go(func() {
					if s.Acquire(ctx) == nil {
						served = append(served, i)
						s.Release(1)
					}
				})
				synctest.Wait()
			}
			for i := range waiters {
				if leaving&(1<<i) == 0 {
					want = append(want, i)
					continue
				}
				cancels[i]()
				synctest.Wait()
			}
			s.Release(1)
			all.Wait()
			require.Equal(t, want, served)
			require.Zero(t, s.waiting)
		})
	}
}

// Of several who are called together each wakes the next, also where one has
// woken by itself, because its context ended.
func TestCalledTogether(t *testing.T) {
	const waiters = 4
	for ending := range 1 << waiters {
		synctest.Test(t, func(t *testing.T) {
			lock := make(slot, 1)
			c := NewCondition(lock)
			var told [waiters]error
			var cancels [waiters]context.CancelFunc
			var all sync.WaitGroup
			for i := range waiters {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				cancels[i] = cancel
				all.Go(func() {
					c.Lock()
					defer c.Unlock()
					told[i] = c.Wait(ctx)
				})
				synctest.Wait()
			}
			c.Lock()
			c.NotifyAll()
			for i := waiters - 1; i >= 0; i-- {
				if ending&(1<<i) != 0 {
					cancels[i]()
					synctest.Wait() // it wants the lock, before those who came earlier
				}
			}
			c.Unlock()
			all.Wait()
			require.Equal(t, [waiters]error{}, told)
			require.Zero(t, c.waiting)
		})
	}
}
