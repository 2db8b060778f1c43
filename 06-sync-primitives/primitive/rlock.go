package primitive

import (
	"context"
	"fmt"
	"sync"
)

// An Owner is who holds an [RLock]: its address, so do not copy it. Make one for
// each goroutine; one may pass it on to another, but two must not use it at the
// same time. The name stands in messages.
type Owner struct{ Name string }

// An RLock is a lock that its owner may acquire again while it holds it, and
// must release as many times: Python's threading.RLock. The zero RLock is free.
//
// Python knows by itself which thread calls. A goroutine has no identity that a
// program could ask for, so the owner is named in every call, and whoever has
// the Owner owns the lock. Go has no such lock in its library, for a reason: who
// holds a mutex may break what it protects for a moment, and who acquires it may
// rely on it; if both are the same function, neither is true. Two layers of
// methods, exported ones that lock and unexported ones that expect the lock to
// be held, do without. The RLock is for what was written for one.
type RLock struct {
	mu      sync.Mutex
	owner   *Owner // nil: free
	depth   int    // acquired and not yet released, by the owner
	waiting line
}

// next owns the lock from its release until the goroutine that was called has
// it, so that nobody else can take it.
var next = new(Owner)

// Acquire acquires the lock for the owner, once more if it holds the lock
// already. Otherwise it waits while the lock is held, and if the context ends
// first it returns the context's cause.
func (l *RLock) Acquire(ctx context.Context, owner *Owner) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.take(owner) {
		return nil
	}
	if err := l.waiting.wait(ctx, &l.mu); err != nil {
		return err
	}
	l.owner, l.depth = owner, 1
	return nil
}

// TryAcquire acquires the lock if it is free or the owner holds it, and tells
// whether it did.
func (l *RLock) TryAcquire(owner *Owner) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.take(owner)
}

func (l *RLock) take(owner *Owner) bool {
	if owner == nil {
		panic("primitive: an RLock needs an Owner")
	}
	mine := l.owner == nil || l.owner == owner
	if mine {
		l.owner = owner
		l.depth++
	}
	return mine
}

// Release undoes one Acquire of the owner. The last one frees the lock. It
// panics if the owner does not hold the lock.
func (l *RLock) Release(owner *Owner) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if owner == nil || l.owner != owner {
		panic(fmt.Sprintf("primitive: an RLock released by %v: it is held by %v", owner, l.owner))
	}
	if l.depth--; l.depth > 0 {
		return
	}
	l.owner = nil
	if l.waiting.call(1, nil) > 0 {
		l.owner = next
	}
}

// String returns the name.
func (o *Owner) String() string {
	switch {
	case o == nil:
		return "nobody"
	case o == next:
		return "the next in line"
	case o.Name == "":
		return fmt.Sprintf("owner %p", o)
	}
	return o.Name
}
