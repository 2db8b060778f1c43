package eventloop

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// A Future is a value that will be there later: Python's asyncio.Future
// (futures.py). Only what runs on the loop may use it.
type Future[T any] struct {
	promise
	value T
}

// promise is what futures of all types have in common.
type promise struct {
	loop    *Loop
	done    bool
	awaited bool
	err     error
	waiting line
	then    []func() // called on the loop once it is done
}

// NewFuture returns a future of the coroutine's loop: loop.create_future
// (base_events.py).
func NewFuture[T any](co *Coroutine) *Future[T] {
	return &Future[T]{promise: promise{loop: co.loop}}
}

// Set gives the future its value, and wakes all who await it. It panics if the
// future is done already, where Python raises InvalidStateError.
func (f *Future[T]) Set(value T) {
	f.finish(nil)
	f.value = value
}

// Fail gives the future an error instead of a value, as Set does: Python's
// Future.set_exception.
func (f *Future[T]) Fail(err error) { f.finish(err) }

// Done tells whether the future has its value, or its error.
func (f *Future[T]) Done() bool { return f.done }

func (p *promise) finish(err error) {
	if p.done {
		panic("eventloop: the future is done already")
	}
	p.err, p.done = err, true
	for p.waiting.call() {
		p.awaited = true
	}
	for _, f := range p.then {
		p.loop.CallSoon(f)
	}
	p.then = nil
}

// whenDone calls the function on the loop once the promise is done.
func (p *promise) whenDone(f func()) {
	if p.done {
		p.loop.CallSoon(f)
	} else {
		p.then = append(p.then, f)
	}
}

// hear notes that somebody has asked, or will, what came of it.
func (p *promise) hear() {
	p.awaited = true
	if p.err != nil {
		delete(p.loop.unheard, p)
	}
}

// Awaitable is what [Await] can wait for: a [Future] or a [Task].
type Awaitable[T any] interface {
	awaitable() (*Future[T], source)
}

func (f *Future[T]) awaitable() (*Future[T], source) { return f, &f.waiting }

// Await pauses the coroutine until the future or the task is done, and returns
// its value and its error: Python's await. If it is done already, Await returns
// at once, without letting others run.
//
// If the coroutine is cancelled while it awaits a task, the cancellation is
// passed on to that task, and Await returns what the task makes of it. Where
// tasks await each other in a circle, it ends with the last one.
func Await[T any](co *Coroutine, a Awaitable[T]) (T, error) {
	f, source := a.awaitable()
	if err := f.await(co, source); err != nil {
		var none T
		return none, err
	}
	return f.value, f.err
}

// await waits until the promise is done. The error is a cancellation of the
// coroutine.
func (p *promise) await(co *Coroutine, s source) error {
	if p.done {
		if err := co.cancelled(); err != nil {
			return err
		}
	} else {
		co.mustRun()
		p.waiting.join(co)
		if err := co.park(s); err != nil {
			return err
		}
	}
	p.hear()
	return nil
}

// A Task is a coroutine that runs by itself, and the future of what it returns:
// Python's asyncio.Task (tasks.py).
type Task[T any] struct {
	future Future[T]
	co     *Coroutine
}

// Done tells whether the task has ended.
func (t *Task[T]) Done() bool { return t.future.done }

// Go starts a coroutine as a task: Python's asyncio.create_task (tasks.py). It
// does not run before the one that calls Go pauses. A task that is cancelled
// before it has begun does not begin.
//
// If the function panics, the task's error is a [*PanicError]. If it fails and
// nothing awaits the task, Run returns the error.
func Go[T any](co *Coroutine, f func(co *Coroutine) (T, error)) *Task[T] {
	return spawn(co.loop, f)
}

func spawn[T any](l *Loop, f func(co *Coroutine) (T, error)) *Task[T] {
	t := &Task[T]{future: Future[T]{promise: promise{loop: l}}}
	t.co = l.start(func(co *Coroutine) {
		err := errGoexit
		defer func() {
			if p := recover(); p == errBrokenOff {
				err = errBrokenOff
			} else if p != nil {
				err = newPanicError(p)
			}
			t.future.finish(err)
			if rest, _ := failure(err); rest != nil && !t.future.awaited {
				l.unhear(&t.future.promise)
			}
		}()
		if c := co.cancelled(); c != nil {
			err = c
			return
		}
		t.future.value, err = f(co)
		if err == nil {
			err = co.cancelled() // in its last step
		}
	})
	return t
}

var errGoexit = errors.New("eventloop: the task ended by runtime.Goexit")

// Cancel cancels the task: its next await, or the one in which it waits, returns
// an error that is both [ErrCancelled] and the cause, which may be nil. It is
// delivered once; the task may clean up, and await while it does. A task that is
// cancelled in its last step, after its last await, ends with the cancellation
// too. Cancel does nothing to a task that is done. CPython: Task.cancel (tasks.py).
func (t *Task[T]) Cancel(cause error) {
	if !t.future.done {
		t.co.cancel(newCancellation(cause))
	}
}

func (t *Task[T]) awaitable() (*Future[T], source) { return &t.future, t }

// leave passes the cancellation on: a coroutine that awaits a cancelled task hears of
// it when the task ends.
func (t *Task[T]) leave(co *Coroutine, c *cancellation) leaving {
	circle := t.co.passing
	if !circle {
		t.co.cancel(c)
		circle = !co.passing
	}
	if circle { // somebody has to be the first to end
		return t.future.waiting.leave(co, c)
	}
	return passedOn
}

// A PanicError is the error of a task that panicked. Python has no counterpart:
// its tasks end with the exception itself.
type PanicError struct {
	Value any    // what it panicked with
	Stack []byte // of the coroutine, as debug.Stack formats it
}

// newPanicError returns the error of a panic that is being recovered.
func newPanicError(value any) *PanicError {
	if p, ok := value.(*PanicError); ok { // it has come from a group's body
		return p
	}
	return &PanicError{value, debug.Stack()}
}

// Error returns the value and the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v\n\n%s", e.Value, e.Stack) }

// Unwrap returns the value, if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
