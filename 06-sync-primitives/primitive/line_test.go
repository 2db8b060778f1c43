package primitive

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
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
	require.True(t, full.TryPut("soup"))
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

// A nil context is refused before anything has changed, also where there would
// be nothing to wait for.
func TestNoContext(t *testing.T) {
	const want = "primitive: a wait with a nil context: context.Background() never ends"
	var none context.Context
	all, nobodyWaits := waits(t)
	for name, wait := range all {
		require.PanicsWithValue(t, want, func() { wait(none) }, name)
	}
	nobodyWaits()

	var c Condition
	var e Event
	var s Semaphore
	var l RLock
	var q Queue[string]
	alone := NewBarrier(1, nil)
	e.Set()
	for name, wait := range map[string]func(){
		"WaitFor": func() { c.WaitFor(none, func() bool { return true }) },
		"Event":   func() { e.Wait(none) },
		"Acquire": func() { s.Acquire(none) },
		"RLock":   func() { l.Acquire(none, new(Owner)) },
		"Barrier": func() { alone.Wait(none) },
		"Put":     func() { q.Put(none, "soup") },
		"Get":     func() { q.Get(none) },
		"Join":    func() { q.Join(none) },
	} {
		require.PanicsWithValue(t, want, wait, name)
	}
	require.True(t, s.TryAcquire())
	require.True(t, l.TryAcquire(new(Owner)))
	require.Zero(t, q.Len())
	require.Zero(t, alone.Waiting())
}

// What was written before one call is read after the other: the race detector
// would see it if nothing were between them.
func TestSynchronizedBefore(t *testing.T) {
	ctx := context.Background()
	pairs := map[string]func() (first, second func()){
		"Semaphore": func() (first, second func()) {
			s := NewSemaphore(0)
			return func() { s.Release(1) }, func() { s.Acquire(ctx) }
		},
		"BoundedSemaphore": func() (first, second func()) {
			var s BoundedSemaphore
			s.TryAcquire()
			return func() { s.Release(1) }, func() { s.Acquire(ctx) }
		},
		"Event.Wait": func() (first, second func()) {
			var e Event
			return e.Set, func() { e.Wait(ctx) }
		},
		"Event.IsSet": func() (first, second func()) {
			var e Event
			return e.Set, func() {
				for !e.IsSet() {
					runtime.Gosched()
				}
			}
		},
		"Event.Done": func() (first, second func()) {
			var e Event
			return func() { e.Set(); e.Clear() }, func() { <-e.Done() }
		},
		"RLock": func() (first, second func()) {
			var l RLock
			ann := new(Owner)
			l.TryAcquire(ann)
			return func() { l.Release(ann) }, func() { l.Acquire(ctx, new(Owner)) }
		},
		"Barrier": func() (first, second func()) {
			b := NewBarrier(2, nil)
			return func() { b.Wait(ctx) }, func() { b.Wait(ctx) }
		},
		"Condition": func() (first, second func()) {
			var c Condition
			told := false
			return func() { c.Lock(); told = true; c.Notify(1); c.Unlock() },
				func() { c.Lock(); c.WaitFor(ctx, func() bool { return told }); c.Unlock() }
		},
		"Put and Get": func() (first, second func()) {
			var q Queue[string]
			return func() { q.Put(ctx, "soup") }, func() { q.Get(ctx) }
		},
		"Get and Put": func() (first, second func()) {
			q := NewQueue[string](1)
			q.TryPut("soup")
			return func() { q.Get(ctx) }, func() { q.Put(ctx, "cake") }
		},
		"TaskDone and Join": func() (first, second func()) {
			var q Queue[string]
			q.TryPut("soup")
			return q.TaskDone, func() { q.Join(ctx) }
		},
		"Shutdown": func() (first, second func()) {
			var q Queue[string]
			return func() { q.Shutdown(false) }, func() { q.Get(ctx) }
		},
	}
	for name, pair := range pairs {
		t.Run(name, func(t *testing.T) {
			for _, waits := range []bool{false, true} {
				if name == "Event.Done" && !waits {
					continue // a Done that comes later has a new channel
				}
				if name == "Event.IsSet" && waits {
					continue // it doesn't wait
				}
				synctest.Test(t, func(t *testing.T) {
					written := 0
					first, second := pair()
					var both sync.WaitGroup
					steps := []func(){
						func() { written = 1; first() },
						func() { second(); require.Equal(t, 1, written) },
					}
					if waits {
						slices.Reverse(steps)
					}
					for _, step := range steps {
						both.Go(step)
						// synctest.Wait would order them for the race detector.
						time.Sleep(time.Minute)
					}
					both.Wait()
				})
			}
		})
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

// Whichever of them leave the line, the others are called in the order in which
// they came.
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

// A countingLock counts the goroutines that stand before it.
type countingLock struct {
	slot
	before atomic.Int64
}

func (l *countingLock) Lock() {
	l.before.Add(1)
	l.slot.Lock()
	l.before.Add(-1)
}

// A hundred that are called together don't stand before the lock in a crowd:
// there is one, until it has the lock.
func TestNoCrowdBeforeTheLock(t *testing.T) {
	const waiters = 100
	synctest.Test(t, func(t *testing.T) {
		lock := &countingLock{slot: make(slot, 1)}
		c := NewCondition(lock)
		var all sync.WaitGroup
		woken := 0
		for range waiters {
			all.Go(func() {
				c.Lock()
				defer c.Unlock()
				require.NoError(t, c.Wait(t.Context()))
				woken++
				time.Sleep(time.Second) // with the lock held, so all come that can
				synctest.Wait()
				require.LessOrEqual(t, lock.before.Load(), int64(1))
			})
		}
		synctest.Wait()
		c.Lock()
		c.NotifyAll()
		synctest.Wait()
		require.Equal(t, int64(1), lock.before.Load())
		c.Unlock()
		all.Wait()
		require.Equal(t, waiters, woken)
	})
}

// go vet sees a copy of each type.
func TestCopiesAreSeen(t *testing.T) {
	gocmd, err := exec.LookPath("go")
	if err != nil {
		t.Skip(err)
	}
	vet, err := exec.Command(gocmd, "vet", "./testdata/copied").CombinedOutput()
	require.Error(t, err)
	for _, name := range []string{"Barrier", "BoundedSemaphore", "Condition", "Event", "Owner", "Queue[int]", "RLock", "Semaphore"} {
		require.Regexp(t, `passes lock by value: \S*/primitive\.`+regexp.QuoteMeta(name)+`\s`, string(vet))
	}
}
