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
// # Cancellation
//
// A cancellation is a request to end, and a request is addressed: to a whole
// task ([Task.Cancel], and Run when it ends), or to one of the scopes that are
// open in it, one for each [Timeout] and [InGroup] that the task is in. Five
// rules follow it from there.
//
//   - It is delivered once, as the error of the next await, or of the one that is
//     waiting; that error is [ErrCancelled]. Requests that meet before any of them
//     is delivered are delivered as one, the outermost. After that the task may
//     clean up, and await while it does. If it goes on instead, it has refused, and
//     gets the next request like any other.
//   - A scope takes back its own request when it ends, delivered or not, and nobody
//     else's. It says that it has ended by itself ([ErrTimeout], or what failed in
//     the group) only if nothing around it was asked to end since it began.
//     Otherwise what leaves it is the cancellation from outside, which is never
//     ErrTimeout on its way.
//   - An await that waits for tasks, [Await], [Gather] and [InGroup], passes the
//     request on to them and goes on waiting for what they make of it. [Shield]
//     doesn't. A request reaches each task once, however many ways lead there.
//   - What has been given isn't taken away. A coroutine that was woken by what it
//     waited for gets that, even if it is cancelled before it runs. The cancellation
//     comes with its next await, or else when the task ends.
//   - A failure outranks a cancellation. An error that is more than a cancellation,
//     such as one joined to it, is a failure of the task; a group returns the
//     failures, and its caller's next await returns the cancellation again.
//
// CPython 3.13 keeps a count of requests for each task, and a scope compares it
// with the count when it began. That gives the same answers where it can tell, but
// a number doesn't say whose request is gone, so one that was never delivered may
// be delivered after its scope has ended. Trio has scopes, as here, and every await
// in a cancelled one fails until it ends: nothing can be refused by accident, but a
// clean-up that awaits needs a shield of its own. This package takes the addresses
// from trio and the delivery from asyncio, since a programmer who comes from there
// expects an except block to be able to await.
//
// Of asyncio it leaves out subprocesses, signals, UDP and TLS. Where else it
// differs, README.md says so.
package eventloop

import (
	"errors"
	"iter"
	"runtime"
)

// A Coroutine is a function's hold on the loop that runs it: what pauses takes
// it as first argument. It belongs to one function and those that it calls. To
// await with another one's, or in a callback, is a mistake, and panics.
//
// A thread that a coroutine locks with runtime.LockOSThread is unlocked when it
// pauses. Where all coroutines need one thread, lock it before Run; [ToThread]
// runs a function that needs one for itself. CPython: coroutines and tasks.py.
type Coroutine struct {
	loop    *Loop
	yield   func(struct{}) bool     // back to the loop
	resume  func() (struct{}, bool) // to its next pause
	body    func(co *Coroutine)     // what it runs; nil once that has ended
	inARow  int                     // reads, writes and accepts that did not pause
	pending *cancellation           // not delivered yet
	source  source                  // what it waits for; nil while it runs or is ready to
	left    bool                    // it has left what it waited for, because it was cancelled
	passing bool                    // it passes a cancellation on

	stop       func()
	place      int           // among the loop's coroutines
	timer      timer         // for Sleep
	prev, next *Coroutine    // in the line in which it waits
	scope      *scope        // the innermost that is open
	last       *cancellation // of the whole task
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
				co.unlockThread()
				if !yield(struct{}{}) {
					return
				}
			}
		})
	}
	co.body, co.place, co.scope, co.pending, co.last = body, len(l.coroutines), nil, nil, nil
	l.coroutines = append(l.coroutines, co)
	l.ready = append(l.ready, handle{co: co})
	if l.ending != nil {
		co.cancel(l.ending)
	}
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
	co.unlockThread()
	if !co.yield(struct{}{}) {
		panic(errBrokenOff)
	}
}

var errBrokenOff = errors.New("eventloop: the loop has been broken off")

// unlockThread undoes a LockOSThread: the runtime throws if a coroutine hands
// over while it holds the thread. Nothing tells whether it does, but to unlock a
// thread that isn't locked does nothing. A lock from before Run all coroutines share.
func (co *Coroutine) unlockThread() {
	if !co.loop.locked {
		runtime.UnlockOSThread()
	}
}

// pass lets all others that are ready run first.
func (co *Coroutine) pass() error {
	co.loop.ready = append(co.loop.ready, handle{co: co})
	co.pause()
	return co.cancelled()
}

// fair lets others run once so many operations have not paused.
func (co *Coroutine) fair() error {
	const most = 64
	if co.inARow++; co.inARow < most {
		return nil
	}
	return co.pass()
}

// A source is what a coroutine can wait for.
type source interface {
	// leave is called when a coroutine that waits is cancelled.
	leave(co *Coroutine, c *cancellation) leaving
}

// leaving is what becomes of a coroutine that waits and is cancelled.
type leaving int

const (
	gone       leaving = iota // the source has forgotten it: it gets the cancellation now
	interrupts                // the source wakes it soon, with the cancellation or with what it waits for
	passedOn                  // the source has told others, and wakes it when they have ended
)

// park pauses the coroutine until wake is called. If it is cancelled before,
// the source is asked, and if it lets go, park returns the cancellation.
func (co *Coroutine) park(s source) error {
	co.source = s
	if co.pending != nil && co.interrupt() == gone {
		co.source = nil
		return co.cancelled()
	}
	co.pause()
	if co.left {
		co.left = false
		return co.cancelled()
	}
	return nil
}

// wake puts the coroutine in the ready queue, if it waits.
func (co *Coroutine) wake() {
	if co.source != nil {
		co.source = nil
		co.loop.ready = append(co.loop.ready, handle{co: co})
	}
}

// wakeFrom wakes the coroutine if it still waits for that.
func (co *Coroutine) wakeFrom(s source) {
	if co.source == s {
		co.wake()
	}
}

// A line is where coroutines wait, and are called in the order in which they came.
type line struct{ first, last *Coroutine }

func (l *line) wait(co *Coroutine) error {
	l.join(co)
	return co.park(l)
}

func (l *line) join(co *Coroutine) {
	if l.last == nil {
		l.first = co
	} else {
		l.last.next, co.prev = co, l.last
	}
	l.last = co
}

// call wakes the first, and tells whether there was one.
func (l *line) call() bool {
	co := l.first
	if co == nil {
		return false
	}
	l.remove(co)
	co.wake()
	return true
}

func (l *line) leave(co *Coroutine, _ *cancellation) leaving {
	l.remove(co)
	return gone
}

func (l *line) remove(co *Coroutine) {
	if co.prev == nil {
		l.first = co.next
	} else {
		co.prev.next = co.next
	}
	if co.next == nil {
		l.last = co.prev
	} else {
		co.next.prev = co.prev
	}
	co.prev, co.next = nil, nil
}
