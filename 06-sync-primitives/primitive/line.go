// Package primitive has the synchronization primitives of Python's threading
// and queue modules for Go. Every wait takes a context: it ends when what it
// waits for has come, or when the context has ended, and then it returns the
// context's cause.
//
// A context ends waits, and nothing else: a slot that's free is taken even if
// the context has ended, as a Lock of a sync.Mutex succeeds. (Acquire of
// x/sync's semaphore fails then.) What tidies up after a cancellation needs the
// lock, too; to refuse new work, ask ctx.Err first. A nil context is a mistake
// and panics, whether there's anything to wait for or not.
//
// All but Event, which is a channel to close, are made of one construct: a line
// in which goroutines wait. They're called out of it in the order in which they
// came, and one that's called goes on, even if its context ends at the same
// moment; so no wake-up is ever lost. What a goroutine is called for is its own:
// a newcomer can't take the slot, the lock, the item or the place. Only after a
// Condition's Wait you have to look again.
//
// The semantics are those of CPython's Lib/threading.py and Lib/queue.py, as
// Lib/test/lock_tests.py and Lib/test/test_queue.py state them. What is an
// exception there because the program is wrong (a lock released by a stranger, a
// semaphore released too often) is a panic here, raised before anything has been
// changed.
//
// The zero value is ready wherever Python's constructor may be called without an
// argument. None of the types may be copied after first use; go vet sees it if
// you do.
//
// In the terms of the Go memory model, each method that lets another one go on
// is synchronized before the return of the one that goes on. The methods say
// which these are.
package primitive

import (
	"context"
	"math"
	"sync"
)

// A line is where goroutines wait, first come, first served. It is guarded by
// the lock of the primitive that it is part of.
//
// All that are called need that lock to go on, and can have it only one after
// another. So those that are called together aren't woken together: the call
// wakes the first, and each wakes the next when it has the lock.
//
//	call         first        second       third
//	  | turn
//	  | wakes ---> |
//	               | has the lock: back
//	               | wakes ----> |
//	                             | has the lock: back
//	                             | wakes ----> |
//
// Woken in a crowd they'd all run to the lock, find it taken and go to sleep
// again: beside two goroutines that compute, that took a thousand of them, and
// takes a thousand on a sync.Cond, tens of milliseconds longer (BenchmarkWakeBusy).
type line struct{ first, last *waiter }

// A waiter is a goroutine's place in a line.
type waiter struct {
	woken      chan struct{} // closed to wake it
	out        bool          // it has been called
	told       error         // what it was told then
	after      *waiter       // the one that was called with it and comes next
	turn       bool          // it has been woken by the call or the one before, and wakes the next
	back       bool          // it has the lock again
	prev, next *waiter       // in the line
}

const everybody = math.MaxInt

// wait joins the line, gives back the lock, waits to be called or for the end
// of the context, and takes the lock again. Only then does it look whether it
// has been called: if so it returns what it was told, whatever has become of
// its context. If not, it leaves the line and returns the context's cause.
func (l *line) wait(ctx context.Context, lock sync.Locker) error {
	w := &waiter{woken: make(chan struct{})}
	l.join(w)
	lock.Unlock()
	ended := await(ctx, w.woken)
	lock.Lock()
	if !w.out {
		l.leave(w)
		return ended
	}
	if w.back = true; w.turn {
		w.after.wake()
	}
	return w.told
}

// call calls up to n waiters, tells them err, and returns how many there were.
func (l *line) call(n int, err error) (called int) {
	var first, last *waiter
	for l.first != nil && called < n {
		w := l.first
		l.leave(w)
		w.out, w.told = true, err
		if first == nil {
			first = w
		} else {
			last.after = w
		}
		last = w
		called++
	}
	first.wake()
	return called
}

// wake wakes the waiter or, if it has woken by itself since its context has
// ended, the next one.
func (w *waiter) wake() {
	for w != nil && w.back {
		w = w.after
	}
	if w != nil {
		w.turn = true
		close(w.woken)
	}
}

func (l *line) empty() bool { return l.first == nil }

func (l *line) join(w *waiter) {
	if w.prev = l.last; w.prev == nil {
		l.first = w
	} else {
		w.prev.next = w
	}
	l.last = w
}

func (l *line) leave(w *waiter) {
	if w.prev == nil {
		l.first = w.next
	} else {
		w.prev.next = w.next
	}
	if w.next == nil {
		l.last = w.prev
	} else {
		w.next.prev = w.prev
	}
}

// await waits until the channel is closed, or else for the end of the context.
// It returns the context's cause only if the channel is not closed.
func await(ctx context.Context, called <-chan struct{}) error {
	if ctx.Done() == nil { // nothing but the call can end it
		<-called
		return nil
	}
	select {
	case <-called:
		return nil
	case <-ctx.Done():
	}
	select {
	case <-called:
		return nil
	default:
		return context.Cause(ctx)
	}
}

// needs panics if there is no context. Each wait begins with it, so a mistake
// shows the first time, and not the first time that there is something to wait
// for.
func needs(ctx context.Context) {
	if ctx == nil {
		panic("primitive: a wait with a nil context: context.Background() never ends")
	}
}
