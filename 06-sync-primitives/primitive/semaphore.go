package primitive

import (
	"context"
	"fmt"
	"math"
	"sync"
)

// A Semaphore counts free slots: Acquire takes one and waits while there is
// none, Release gives one back or adds one. It is Python's threading.Semaphore.
// The zero Semaphore has one slot.
//
// A slot that's released goes to the goroutine that has waited longest. A
// newcomer can't take it first.
//
// A Release is synchronized before the return of each Acquire or TryAcquire that
// takes a slot that it released.
type Semaphore struct {
	mu      sync.Mutex
	extra   int // free slots but one, so that the zero Semaphore has one
	waiting line
}

// NewSemaphore returns a semaphore with so many free slots. It panics if their
// number is negative.
func NewSemaphore(slots int) *Semaphore { return &Semaphore{extra: extra(slots)} }

func extra(slots int) int {
	if slots < 0 {
		panic(fmt.Sprintf("primitive: a semaphore of %d slots", slots))
	}
	return slots - 1
}

// Acquire takes a slot. While there is none it waits, and if the context ends
// first it returns the context's cause. A free slot is taken even if the
// context has ended.
func (s *Semaphore) Acquire(ctx context.Context) error {
	needs(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.take() {
		return nil
	}
	return s.waiting.wait(ctx, &s.mu) // one that is called has a slot
}

// TryAcquire takes a slot if one is free, and tells whether it did.
func (s *Semaphore) TryAcquire() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.take()
}

// Release adds n slots. It panics if n is less than 1, or if there would be more
// than [math.MaxInt]; then it has added none. You may release more slots than
// were acquired; a [BoundedSemaphore] refuses that.
func (s *Semaphore) Release(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.give(n, math.MaxInt-1) {
		panic(fmt.Sprintf("primitive: a release of %d slots of a Semaphore with %d free: too many to count", n, s.extra+1))
	}
}

// take takes a slot if one is free: then nobody waits.
func (s *Semaphore) take() bool {
	free := s.extra >= 0
	if free {
		s.extra--
	}
	return free
}

// give adds n slots, unless extra would be more than most.
func (s *Semaphore) give(n, most int) bool {
	if n < 1 {
		panic(fmt.Sprintf("primitive: a release of %d slots", n))
	}
	if n > most-s.extra {
		return false
	}
	s.extra += n - s.waiting.call(n, nil)
	return true
}

// A BoundedSemaphore is a [Semaphore] that can't be released more often than it
// was acquired: Python's threading.BoundedSemaphore. The zero BoundedSemaphore
// has one slot. (That's why it is a type of its own, and not a Semaphore with a
// maximum: the zero value of that would have none.)
type BoundedSemaphore struct {
	semaphore Semaphore
	most      int // the most that extra may be
}

// NewBoundedSemaphore returns a semaphore with so many free slots, and never
// more. It panics if their number is negative.
func NewBoundedSemaphore(slots int) *BoundedSemaphore {
	return &BoundedSemaphore{semaphore: Semaphore{extra: extra(slots)}, most: extra(slots)}
}

// Acquire takes a slot, as [Semaphore.Acquire] does.
func (s *BoundedSemaphore) Acquire(ctx context.Context) error { return s.semaphore.Acquire(ctx) }

// TryAcquire takes a slot if one is free, and tells whether it did.
func (s *BoundedSemaphore) TryAcquire() bool { return s.semaphore.TryAcquire() }

// Release gives back n slots. It panics if n is less than 1, or if there would
// be more free slots than in the beginning; then it has released none.
func (s *BoundedSemaphore) Release(n int) {
	s.semaphore.mu.Lock()
	defer s.semaphore.mu.Unlock()
	if !s.semaphore.give(n, s.most) {
		panic(fmt.Sprintf("primitive: a release of %d slots of a BoundedSemaphore that has %d, with %d free: it was released too many times",
			n, s.most+1, s.semaphore.extra+1))
	}
}
