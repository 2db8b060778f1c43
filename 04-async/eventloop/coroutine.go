// Package eventloop runs coroutines one at a time, in the shape of Python's
// asyncio: another one runs only when the one that runs awaits.
//
// A coroutine is a function whose first parameter is its *Coroutine, as other
// functions take a context:
//
//	func fetch(co *eventloop.Coroutine, address string) (string, error)
//
// Whatever takes a *Coroutine may pause it, and nothing else does: that is what
// await says in Python. [Run] starts the first one, [Go] makes a [Task] of
// another, [Await] waits for it.
//
// The same program gives the same order of events, as far as its I/O comes in
// the same order. When Run returns nothing of it is left, no goroutine and no
// descriptor.
//
// Of asyncio it leaves out subprocesses, signals, UDP and TLS. Where it differs,
// the comments say so.
package eventloop

import (
	"errors"
	"fmt"
	"iter"
	"slices"
)

// A Coroutine is a function's hold on the loop that runs it: what pauses takes
// it as first argument. It belongs to one function and those that it calls. To
// await with another one's, or in a callback, is a mistake, and panics.
type Coroutine struct {
	loop   *Loop
	resume func() (struct{}, bool) // to its next pause
	stop   func()
	yield  func(struct{}) bool // back to the loop
	body   func(co *Coroutine) // what it runs; nil once that has ended
	place  int                 // among the loop's coroutines
	timer  timer               // for Sleep
	inARow int                 // reads and writes that did not pause

	source  source          // what it waits for; nil while it runs or is ready to
	left    bool            // it has left what it waited for, because it was cancelled
	pending []*cancellation // not delivered yet
	told    bool            // it has been cancelled, not only by a scope
	passing bool            // it passes a cancellation on
}

// A source is what a coroutine can wait for.
type source interface {
	// leave is called when a coroutine that waits is cancelled. It tells what
	// becomes of the cancellation: whether the coroutine gets it, and whether
	// it gets it now, for the source has forgotten it.
	leave(co *Coroutine, c *cancellation) (deliver, now bool)
}

// start lets a coroutine run the body, and puts it in the ready queue. One that
// has ended is used again: to make one costs more than all the rest of a task.
func (l *Loop) start(body func(co *Coroutine)) *Coroutine {
	var co *Coroutine
	if n := len(l.unused); n > 0 {
		co, l.unused = l.unused[n-1], l.unused[:n-1]
	} else {
		co = &Coroutine{loop: l}
		co.resume, co.stop = iter.Pull(func(yield func(struct{}) bool) {
			co.yield = yield
			for co.body != nil {
				co.body(co)
				co.body = nil
				yield(struct{}{})
			}
		})
	}
	co.body, co.place, co.pending, co.told = body, len(l.coroutines), nil, false
	l.coroutines = append(l.coroutines, co)
	l.ready = append(l.ready, handle{co: co})
	return co
}

// maxUnused is how many coroutines that have ended are kept.
const maxUnused = 256

// step lets the coroutine go on to its next pause, or to its end.
func (co *Coroutine) step() {
	l := co.loop
	l.running, co.inARow = co, 0
	co.resume()
	l.running = nil
	if co.body != nil {
		return
	}
	last := len(l.coroutines) - 1
	l.coroutines[co.place] = l.coroutines[last]
	l.coroutines[co.place].place = co.place
	l.coroutines[last] = nil
	l.coroutines = l.coroutines[:last]
	if len(l.unused) < maxUnused {
		l.unused = append(l.unused, co)
	} else {
		co.resume() // to its very end
	}
}

// pause hands over to the loop. If that has been broken off, it does not return:
// the coroutine ends, and what it has deferred is done.
func (co *Coroutine) pause() {
	if !co.yield(struct{}{}) {
		panic(errBrokenOff)
	}
}

var errBrokenOff = errors.New("eventloop: the loop has been broken off")

// pass lets all others that are ready run first.
func (co *Coroutine) pass() error {
	co.loop.ready = append(co.loop.ready, handle{co: co})
	co.pause()
	return co.cancelled()
}

// park pauses the coroutine until wake is called. If it is cancelled before,
// the source is asked, and if it lets go, park returns the cancellation.
func (co *Coroutine) park(s source) error {
	co.source = s
	co.pause()
	if co.left {
		co.left = false
		return co.cancelled()
	}
	return nil
}

// wake puts the coroutine in the ready queue, if it waits. From now on a
// cancellation finds it awake: what it has been given is not taken away again,
// and the cancellation is delivered at its next await.
func (co *Coroutine) wake() {
	if co.source != nil {
		co.source = nil
		co.loop.ready = append(co.loop.ready, handle{co: co})
	}
}

// cancelled takes the cancellation that is to be delivered next, if there is one.
// Each await calls it first, and again before it waits once more.
func (co *Coroutine) cancelled() error {
	if co.loop.running != co {
		panic("eventloop: only the coroutine that runs can await, and with its own *Coroutine")
	}
	if len(co.pending) == 0 {
		return nil
	}
	c := co.pending[0]
	co.pending = co.pending[1:]
	return c
}

func (co *Coroutine) cancel(c *cancellation) {
	if !c.scoped {
		co.told = true
		if slices.ContainsFunc(co.pending, func(p *cancellation) bool { return !p.scoped }) {
			return // cancelled twice before it has heard of it once
		}
	}
	deliver, now := true, false
	if co.source != nil {
		co.passing = true
		deliver, now = co.source.leave(co, c)
		co.passing = false
	}
	if deliver {
		co.pending = append(co.pending, c)
	}
	if now {
		co.left = true
		co.wake()
	}
}

// ErrCancelled is what an await returns in a task that has been cancelled:
// Python's CancelledError.
var ErrCancelled = errors.New("cancelled")

// A cancellation is delivered once, by one await. One that belongs to a scope, a
// Timeout or a Group, may be taken back by it.
type cancellation struct {
	cause  error
	scoped bool
}

func (c *cancellation) Error() string {
	if c.cause == nil {
		return ErrCancelled.Error()
	}
	return fmt.Sprintf("%v: %v", ErrCancelled, c.cause)
}

func (c *cancellation) Is(target error) bool { return target == ErrCancelled }
func (c *cancellation) Unwrap() error        { return c.cause }

// withdraw takes back a cancellation that has not been delivered.
func (co *Coroutine) withdraw(c *cancellation) {
	co.pending = slices.DeleteFunc(co.pending, func(p *cancellation) bool { return p == c })
}

// only tells whether an error is the cancellation, and nothing joined to it.
func (c *cancellation) only(err error) bool {
	for err != nil && err != error(c) {
		err = errors.Unwrap(err)
	}
	return err != nil
}
