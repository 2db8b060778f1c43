package primitive

import (
	"context"
	"sync"
)

// An Event is a flag that goroutines can wait for: Python's threading.Event.
// The zero Event is not set.
type Event struct {
	mu  sync.Mutex
	set bool
	now chan struct{} // closed by the next Set; nil until somebody waits
}

// Set sets the flag and wakes all who wait. It does nothing if the flag is set.
func (e *Event) Set() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.set {
		return
	}
	e.set = true
	if e.now == nil {
		e.now = closed
	} else {
		close(e.now)
	}
}

// Clear clears the flag: from now on Wait waits again. Who waited when the flag
// was set goes on, even if it is cleared at once.
func (e *Event) Clear() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.set {
		e.set, e.now = false, nil
	}
}

// IsSet tells whether the flag is set.
func (e *Event) IsSet() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.set
}

// Wait waits until the flag is set. It returns at once if it is. If the context
// ends first, it returns the context's cause.
func (e *Event) Wait(ctx context.Context) error { return await(ctx, e.Done()) }

// Done returns a channel that is closed when the flag is set, for a select. Once
// the flag has been cleared there is a new one.
func (e *Event) Done() <-chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.now == nil {
		e.now = make(chan struct{})
	}
	return e.now
}

// closed is the channel of an event that was set before anybody waited.
var closed = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()
