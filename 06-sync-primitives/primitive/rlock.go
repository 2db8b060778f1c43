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
	depth int // acquired and not yet released; the owner's alone

	mu      sync.Mutex
	owner   *Owner // while the word is crowded
	waiting line
}

var (
	crowded = new(Owner)

	// next owns the lock from its release until the goroutine that was called
	// has it, so that nobody else can take it.
	next = new(Owner)
)

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
		l.depth++
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
	if l.owner != owner {
		return false
	}
	l.depth++
	return true
}

// take acquires the lock if that is possible without looking who waits.
func (l *RLock) take(owner *Owner) bool {
	if owner == nil {
		panic("primitive: an RLock needs an Owner")
	}
	mine := l.word.Load() == owner || l.word.CompareAndSwap(nil, owner)
	if mine {
		l.depth++
	}
	return mine
}

// crowd makes the word crowded, unless the lock has become free meanwhile: then
// the owner has it. It tells whether the owner has it.
func (l *RLock) crowd(owner *Owner) (mine bool) {
	for {
		switch holder := l.word.Load(); {
		case holder == crowded:
			return l.owner == owner
		case holder == nil:
			if l.word.CompareAndSwap(nil, owner) {
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
		l.depth = 0
		if l.word.CompareAndSwap(owner, nil) {
			return
		}
		l.depth = 1 // somebody has come to wait
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if owner == nil || l.owner != owner {
		panic(fmt.Sprintf("primitive: an RLock released by %v: it is held by %v", owner, l.holder()))
	}
	if l.depth--; l.depth > 0 {
		return
	}
	if l.waiting.call(1, nil) > 0 {
		l.owner = next
	} else { // those that waited have lost patience
		l.owner = nil
		l.word.Store(nil)
	}
}

func (l *RLock) holder() *Owner {
	if holder := l.word.Load(); holder != crowded {
		return holder
	}
	return l.owner
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
