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
	if err := f.await(co, source); err != nil {
		var none T
		return none, err
	}
	return f.value, f.err
}

// await waits until the promise is done. The error is a cancellation of the
// coroutine.
func (p *promise) await(co *Coroutine, s source) error {
	if err := co.cancelled(); err != nil {
		return err
	}
	if !p.done {
		p.waiting = append(p.waiting, handle{co: co})
		if err := co.park(s); err != nil {
			return err
		}
	}
	p.awaited = true
	return nil
}

// settle waits until the promise is done, whatever happens. Who is cancelled
// meanwhile hears of it at the next await.
func (p *promise) settle(co *Coroutine) {
	var held []*cancellation
	for !p.done {
		if c, ok := p.await(co, p).(*cancellation); ok {
			held = append(held, c)
		}
	}
	p.awaited = true
	co.pending = append(held, co.pending...)
}

// A Task is a coroutine that runs by itself, and the future of what it returns:
// Python's asyncio.Task.
type Task[T any] struct {
	future Future[T]
	co     *Coroutine
}

// Done tells whether the task has ended.
func (t *Task[T]) Done() bool { return t.future.done }

// Go starts a coroutine as a task. It does not run before the one that calls Go
// pauses.
func Go[T any](co *Coroutine, f func(co *Coroutine) (T, error)) *Task[T] {
	return spawn(co.loop, f)
}

func spawn[T any](l *Loop, f func(co *Coroutine) (T, error)) *Task[T] {
	t := &Task[T]{future: Future[T]{promise: promise{loop: l}}}
	t.co = l.start(func(co *Coroutine) {
		var value T
		var err error
		returned := false
		defer func() {
			if p := recover(); p == errBrokenOff {
				err = errBrokenOff
			} else if p != nil {
				err = newPanicError(p)
			} else if !returned {
				err = errors.New("eventloop: the task ended by runtime.Goexit")
			}
			t.future.finish(err, func() { t.future.value = value })
			if err != nil && !errors.Is(err, ErrCancelled) {
				l.failed = append(l.failed, &t.future.promise)
			}
		}()
		// A task that is cancelled before it has begun does not begin.
		if err = co.cancelled(); err == nil {
			value, err = f(co)
		}
		returned = true
	})
	return t
}

// Cancel cancels the task: its next await, or the one in which it waits, returns
// an error that is both [ErrCancelled] and the cause, which may be nil. It is
// delivered once; the task may clean up, and await while it does. Cancel does
// nothing to a task that is done.
func (t *Task[T]) Cancel(cause error) {
	if !t.future.done {
		t.co.cancel(&cancellation{cause: cause})
	}
}

func (t *Task[T]) awaitable() (*Future[T], source) { return &t.future, t }

// leave passes the cancellation on: who awaits a task that is cancelled hears of
// it when the task ends. Where tasks await each other in a circle, it ends here.
func (t *Task[T]) leave(co *Coroutine, c *cancellation) (deliver, now bool) {
	if t.co.passing {
		return t.future.leave(co, c)
	}
	t.co.cancel(c)
	return false, false
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

// A PanicError is the error of a task that panicked.
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
