package primitive

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// An Owner is what holds an [RLock]. Its address is its identity, so don't copy
// it; go vet sees it if you do. Make one for each goroutine. One goroutine may
// pass it on to another, but two must not use it at the same time. The name
// appears in messages.
type Owner struct {
	_    noCopy
	Name string
}

// noCopy looks like a lock to go vet, which reports copies of locks.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// An RLock is a lock that its owner may acquire again while it holds it, and
// must release as many times: Python's threading.RLock. The zero RLock is free.
//
// Python knows by itself which thread calls. A goroutine has no identity that a
// program could ask for, so you name the owner in every call, and the lock
// belongs to the Owner, not to the goroutine. Go's library has no such lock, for
// a reason: a function that holds a mutex may break what it protects for a
// moment, and one that acquires it relies on it; if both are the same function,
// neither is true. Two layers of methods do without: exported ones that lock,
// and unexported ones that expect the lock to be held. The RLock is for code
// that was written for one.
//
// The Release that frees the lock is synchronized before the return of the
// Acquire or TryAcquire that gets it next.
type RLock struct {
	// The word is nil while the lock is free, and its owner while nobody waits
	// for it: to take it then, or give it back, is one atomic operation, and an
	// owner that has it already needs none. Once somebody waits it is crowded,
	// and what follows is what counts.
	word  atomic.Pointer[Owner]
	depth int // while it is held: acquired and not yet released. The owner's alone.

	mu      sync.Mutex
	owner   *Owner // while the word is crowded; nil on the way to the next in line
	waiting line
}

var crowded = new(Owner)

// Acquire acquires the lock for the owner, once more if it holds the lock
// already. Otherwise it waits while the lock is held, and if the context ends
// first it returns the context's cause.
func (l *RLock) Acquire(ctx context.Context, owner *Owner) error {
	needs(ctx)
	if l.take(owner) {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.crowd(owner) {
		return nil
	}
	if err := l.waiting.wait(ctx, &l.mu); err != nil {
		return err
	}
	l.owner, l.depth = owner, 1
	if l.waiting.empty() {
		l.owner = nil
		l.word.Store(owner)
	}
	return nil
}

// TryAcquire acquires the lock if it is free or the owner holds it, and tells
// whether it did.
func (l *RLock) TryAcquire(owner *Owner) bool {
	if l.take(owner) {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.again(l.owner, owner)
}

// take acquires the lock if that is possible without asking who waits.
func (l *RLock) take(owner *Owner) bool {
	if owner == nil {
		panic("primitive: an RLock needs an Owner")
	}
	return l.again(l.word.Load(), owner) || l.first(owner)
}

// again acquires the lock once more if the owner is the holder.
func (l *RLock) again(holder, owner *Owner) bool {
	if holder == owner {
		l.depth++
	}
	return holder == owner
}

// first acquires the lock if it is free.
func (l *RLock) first(owner *Owner) bool {
	free := l.word.CompareAndSwap(nil, owner)
	if free {
		l.depth = 1
	}
	return free
}

// crowd makes the word crowded. If it was already, the owner may turn out to be
// the holder; and the lock may have become free meanwhile. Then the owner
// acquires it.
func (l *RLock) crowd(owner *Owner) (acquired bool) {
	for {
		switch holder := l.word.Load(); {
		case holder == crowded:
			return l.again(l.owner, owner)
		case holder == nil:
			if l.first(owner) {
				return true
			}
		case l.word.CompareAndSwap(holder, crowded):
			l.owner = holder
			return false
		}
	}
}

// Release undoes one Acquire of the owner. The last one frees the lock. It
// panics if the owner does not hold the lock.
func (l *RLock) Release(owner *Owner) {
	if owner != nil && l.word.Load() == owner {
		if l.depth > 1 {
			l.depth--
			return
		}
		if l.word.CompareAndSwap(owner, nil) {
			return
		} // else somebody has come to wait
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if owner == nil || l.owner != owner {
		panic(fmt.Sprintf("primitive: an RLock released by %v: it is held by %v", owner, l.holder()))
	}
	if l.depth > 1 {
		l.depth--
		return
	}
	l.owner = nil
	if l.waiting.call(1, nil) == 0 { // those that waited have lost patience
		l.word.Store(nil)
	}
}

func (l *RLock) holder() *Owner {
	if l.owner != nil {
		return l.owner
	}
	return l.word.Load()
}

// String returns the name.
func (o *Owner) String() string {
	switch {
	case o == nil:
		return "nobody"
	case o == crowded:
		return "the next in line"
	case o.Name == "":
		return fmt.Sprintf("owner %p", o)
	}
	return o.Name
}
