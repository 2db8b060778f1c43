package primitive

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// ErrBroken is what [Barrier.Wait] returns where the barrier is broken: Python's
// BrokenBarrierError.
var ErrBroken = errors.New("primitive: the barrier is broken")

// A Barrier lets goroutines wait for each other: none passes until all the
// parties have arrived. Then it is there for the next round. It is Python's
// threading.Barrier. [NewBarrier] makes one.
//
// The calls of Wait in a round are synchronized before the action, and the
// action before the return of each of them. An Abort or a Reset is synchronized
// before the return of each Wait that it ends.
type Barrier struct {
	mu      sync.Mutex
	parties int
	action  func()
	arrived int
	broken  bool
	waiting line
}

// NewBarrier returns a barrier for so many parties. The action, unless nil, is
// called once a round, by the last party to arrive, before any of them passes;
// it must not use the barrier. NewBarrier panics if there is no party.
func NewBarrier(parties int, action func()) *Barrier {
	if parties < 1 {
		panic(fmt.Sprintf("primitive: a barrier for %d parties", parties))
	}
	return &Barrier{parties: parties, action: action}
}

// told to those that wait at a barrier that breaks or is reset
var errBroke = errors.New("broke")

// Wait waits until all parties have called it, and returns how many had before
// this one: 0 for the first of the round.
//
// If the context ends first, the party is missing and the round cannot be
// completed: the barrier breaks. Then Wait returns an error that is both
// [ErrBroken] and the context's cause, and all others get ErrBroken, as does
// every Wait before a Reset. If the action panics, the barrier breaks
// too.
func (b *Barrier) Wait(ctx context.Context) (index int, err error) {
	needs(ctx)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.parties == 0 {
		panic("primitive: a barrier for 0 parties: make it with NewBarrier")
	}
	if b.broken {
		return 0, ErrBroken
	}
	index = b.arrived
	b.arrived++
	if b.arrived == b.parties {
		b.pass()
		return index, nil
	}
	switch err := b.waiting.wait(ctx, &b.mu); err {
	case nil:
		return index, nil
	case errBroke:
		return 0, ErrBroken
	default:
		b.end(true)
		return 0, fmt.Errorf("%w: %w", ErrBroken, err)
	}
}

// pass lets all that have arrived pass, and begins the next round.
func (b *Barrier) pass() {
	completed := false
	defer func() {
		if !completed {
			b.end(true)
		}
	}()
	if b.action != nil {
		b.action()
	}
	completed = true
	b.arrived = 0
	b.waiting.call(everybody, nil)
}

// end ends the round: those that wait get ErrBroken.
func (b *Barrier) end(broken bool) {
	b.broken = broken
	b.arrived = 0
	b.waiting.call(everybody, errBroke)
}

// Abort breaks the barrier, until it is reset.
func (b *Barrier) Abort() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.end(true)
}

// Reset makes the barrier as new. Those that wait at it get [ErrBroken].
func (b *Barrier) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.end(false)
}

// Waiting returns how many wait at the barrier: Python's n_waiting.
func (b *Barrier) Waiting() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.arrived
}

// Broken tells whether the barrier is broken.
func (b *Barrier) Broken() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.broken
}
