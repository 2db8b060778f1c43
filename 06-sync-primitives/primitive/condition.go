package primitive

import (
	"context"
	"sync"
)

// A Condition lets goroutines wait, with a lock held, until others tell them
// that something has changed. It is Python's threading.Condition, and sync.Cond
// with a context.
//
// The zero Condition has a mutex of its own, which Lock and Unlock lock; Python's
// has an RLock. [NewCondition] makes one for a lock that there is already.
//
// A Notify is synchronized before the return of each Wait that it ends, and so
// is the Unlock that made the lock free for it.
type Condition struct {
	lock    sync.Locker // nil: own
	own     sync.Mutex
	waiting line // guarded by the lock
}

// NewCondition returns a condition over the lock. Several may share one. The
// lock must be exclusive, not the reading side of an RWMutex, and not
// reentrant, since Wait unlocks it once.
func NewCondition(lock sync.Locker) *Condition {
	if lock == nil {
		panic("primitive: a condition over no lock")
	}
	return &Condition{lock: lock}
}

// Lock locks the condition's lock.
func (c *Condition) Lock() { c.locker().Lock() }

// Unlock unlocks the condition's lock.
func (c *Condition) Unlock() { c.locker().Unlock() }

// Wait gives back the lock, which must be held, waits to be notified, and
// returns with the lock held again, in any case. If the context ended first, it
// returns the context's cause. Wait is not woken for no reason, but what it
// waits for may be gone again when it returns: call it in a loop, or call
// [Condition.WaitFor].
//
// A Wait whose goroutine was chosen by Notify reports the notification, also if
// its context has ended meanwhile. (Python's returns False then, and the
// notification, which another thread might have waited for, is lost.) So it owes
// the notification to the others: it should use it, or notify the next one.
//
// It panics if nobody holds the lock, as far as the lock can tell: if it has a
// TryLock method, as a Mutex has. If somebody else holds it, that can't be seen.
func (c *Condition) Wait(ctx context.Context) error {
	needs(ctx)
	return c.waiting.wait(ctx, c.held("Wait"))
}

// WaitFor waits until the predicate, which is called with the lock held,
// returns true. If the context ends first, the predicate is asked once more;
// only if it is still false does WaitFor return the context's cause.
func (c *Condition) WaitFor(ctx context.Context, predicate func() bool) error {
	needs(ctx)
	for !predicate() {
		if err := c.Wait(ctx); err != nil {
			if predicate() {
				return nil
			}
			return err
		}
	}
	return nil
}

// Notify wakes the n goroutines that have waited longest, or as many as there
// are. It panics if the lock is not held, as Python does and sync.Cond does not.
func (c *Condition) Notify(n int) {
	c.held("Notify")
	c.waiting.call(n, nil)
}

// NotifyAll wakes all goroutines that wait. It panics as Notify does.
func (c *Condition) NotifyAll() { c.Notify(everybody) }

func (c *Condition) locker() sync.Locker {
	if c.lock == nil {
		return &c.own
	}
	return c.lock
}

// held returns the lock, and panics if it is not held. Like Condition._is_owned
// in threading.py, it tries to lock it: only a lock that is free can be.
func (c *Condition) held(method string) sync.Locker {
	lock := c.locker()
	if l, ok := lock.(interface{ TryLock() bool }); ok && l.TryLock() {
		lock.Unlock()
		panic("primitive: " + method + " of a Condition whose lock is not held: call Lock first")
	}
	return lock
}
