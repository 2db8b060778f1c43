package eventloop

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
)

// A Future is a value that will be there later: Python's asyncio.Future. Only
// what runs on the loop may use it.
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
	waiting []handle // coroutines, and callbacks of [Gather] and [Group]
}

// NewFuture returns a future of the coroutine's loop.
func NewFuture[T any](co *Coroutine) *Future[T] {
	return &Future[T]{promise: promise{loop: co.loop}}
}

// Set gives the future its value, and wakes all who await it. It panics if the
// future is done already, where Python raises InvalidStateError.
func (f *Future[T]) Set(value T) {
	f.finish(nil, func() { f.value = value })
}

// Fail gives the future an error instead of a value, as Set does.
func (f *Future[T]) Fail(err error) { f.finish(err, func() {}) }

// Done tells whether the future has its value, or its error.
func (f *Future[T]) Done() bool { return f.done }

func (p *promise) finish(err error, set func()) {
	if p.done {
		panic("eventloop: the future is done already")
	}
	set()
	p.err, p.done = err, true
	for _, h := range p.waiting {
		if h.co != nil {
			h.co.wake()
		} else {
			p.loop.ready = append(p.loop.ready, h)
		}
	}
	p.waiting = nil
}

// leave takes the coroutine off those who wait.
func (p *promise) leave(co *Coroutine, _ *cancellation) (deliver, now bool) {
	p.waiting = slices.DeleteFunc(p.waiting, func(h handle) bool { return h.co == co })
	return true, true
}

// Awaitable is what [Await] can wait for: a [Future] or a [Task].
type Awaitable[T any] interface {
	awaitable() (*Future[T], source)
}

func (f *Future[T]) awaitable() (*Future[T], source) { return f, f }

// Await pauses the coroutine until the future or the task is done, and returns
// its value and its error. If it is done already, Await returns at once, without
// letting others run.
//
// If the coroutine is cancelled while it awaits a task, the cancellation is
// passed on to that task, and Await returns what the task makes of it.
func Await[T any](co *Coroutine, a Awaitable[T]) (T, error) {
	f, source := a.awaitable()
	f.awaited = true
	var none T
	if err := co.cancelled(); err != nil {
		return none, err
	}
	if !f.done {
		f.waiting = append(f.waiting, handle{co: co})
		if err := co.park(source); err != nil {
			return none, err
		}
	}
	return f.value, f.err
}

// A Task is a coroutine that runs by itself, and the future of what it returns:
// Python's asyncio.Task.
type Task[T any] struct {
	Future[T]
	co *Coroutine
}

// Go starts a coroutine as a task. It does not run before the one that calls Go
// pauses.
func Go[T any](co *Coroutine, f func(co *Coroutine) (T, error)) *Task[T] {
	return spawn(co.loop, f)
}

func spawn[T any](l *Loop, f func(co *Coroutine) (T, error)) *Task[T] {
	t := &Task[T]{Future: Future[T]{promise: promise{loop: l}}}
	t.co = l.start(func(co *Coroutine) {
		var value T
		err := errors.New("eventloop: the task ended by runtime.Goexit")
		defer func() {
			if p := recover(); p != nil {
				err = &PanicError{p, debug.Stack()}
			}
			t.finish(err, func() { t.value = value })
			if err != nil && !errors.Is(err, ErrCancelled) && !t.awaited {
				l.failed = append(l.failed, t)
			}
		}()
		// A task that is cancelled before it has begun does not begin.
		if err = co.cancelled(); err == nil {
			value, err = f(co)
		}
	})
	return t
}

// Cancel cancels the task: its next await, or the one in which it waits, returns
// an error that is both [ErrCancelled] and the cause, which may be nil. It is
// delivered once; the task may clean up, and await while it does. Cancel does
// nothing to a task that is done.
func (t *Task[T]) Cancel(cause error) {
	if !t.done {
		t.co.cancel(&cancellation{cause: cause})
	}
}

func (t *Task[T]) awaitable() (*Future[T], source) { return &t.Future, t }

// leave passes the cancellation on: who awaits a task that is cancelled hears of
// it when the task ends.
func (t *Task[T]) leave(_ *Coroutine, c *cancellation) (deliver, now bool) {
	t.co.cancel(c)
	return false, false
}

// failed is a task that has failed.
type failed interface {
	wasAwaited() bool
	failure() error
}

// then calls the function once the promise is done.
func (p *promise) then(f func()) {
	p.awaited = true
	if p.done {
		p.loop.CallSoon(f)
	} else {
		p.waiting = append(p.waiting, handle{f: f})
	}
}

func (p *promise) wasAwaited() bool { return p.awaited }
func (p *promise) failure() error   { return p.err }

// A PanicError is the error of a task that panicked.
type PanicError struct {
	Value any    // what it panicked with
	Stack []byte // of the coroutine, as debug.Stack formats it
}

// Error returns the value and the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v\n\n%s", e.Value, e.Stack) }
