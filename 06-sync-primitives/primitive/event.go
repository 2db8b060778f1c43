package primitive

import (
	"context"
	"sync/atomic"
)

// An Event is a flag that goroutines can wait for: Python's threading.Event.
// The zero Event is not set.
//
// A Set is synchronized before the return of each Wait that it ends, and of
// each Wait or IsSet that finds the flag set by it; a receive from Done counts
// as a Wait.
type Event struct {
	flag atomic.Pointer[flag] // nil: not set, and nobody waits
}

// A flag has a channel that's closed when it is set.
type flag struct{ raised chan struct{} }

// set is the flag of every event that is set.
var set = func() *flag {
	f := &flag{make(chan struct{})}
	close(f.raised)
	return f
}()

// Set sets the flag and wakes all that wait. If the flag is set it stays so.
func (e *Event) Set() {
	if before := e.flag.Swap(set); before != nil && before != set {
		close(before.raised)
	}
}

// Clear clears the flag: from now on Wait waits again. Goroutines that waited
// when the flag was set go on, even if it is cleared at once.
func (e *Event) Clear() { e.flag.CompareAndSwap(set, nil) }

// IsSet tells whether the flag is set.
func (e *Event) IsSet() bool { return e.flag.Load() == set }

// Wait waits until the flag is set. It returns at once if it is. If the context
// ends first, it returns the context's cause.
func (e *Event) Wait(ctx context.Context) error {
	needs(ctx)
	if e.IsSet() {
		return nil
	}
	return await(ctx, e.Done())
}

// Done returns a channel that is closed when the flag is set, for a select. Once
// the flag has been cleared there is a new one.
func (e *Event) Done() <-chan struct{} {
	for {
		if f := e.flag.Load(); f != nil {
			return f.raised
		}
		e.flag.CompareAndSwap(nil, &flag{make(chan struct{})})
	}
}
