package eventloop

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"
)

// Gather awaits all tasks and returns their values in the order of the tasks, or
// the error of the first that fails: Python's asyncio.gather. The others run on
// then, as they do there; in a [Group] they are cancelled. If the coroutine is
// cancelled, Gather cancels all tasks and awaits their end.
func Gather[T any](co *Coroutine, tasks ...*Task[T]) ([]T, error) {
	first := NewFuture[struct{}](co) // done when one has failed, or all have ended
	ended := NewFuture[struct{}](co)
	left := len(tasks)
	for _, t := range tasks {
		t.future.then(func() {
			if left--; left == 0 {
				ended.Set(struct{}{})
			}
			if !first.done && (t.future.err != nil || left == 0) {
				first.Fail(t.future.err)
			}
		})
	}
	if left == 0 {
		return nil, co.cancelled()
	}
	if cancelled := first.await(co, first); cancelled != nil {
		for _, t := range tasks {
			t.Cancel(cancelled)
		}
		ended.settle(co)
		return nil, cancelled
	}
	if first.err != nil {
		return nil, first.err
	}
	values := make([]T, len(tasks))
	for i, t := range tasks {
		values[i] = t.future.value
	}
	return values, nil
}

// A Group is a number of tasks that end together: Python's asyncio.TaskGroup.
// [InGroup] makes one.
type Group struct {
	co      *Coroutine
	running []*Task[struct{}]
	errs    []error       // of the tasks that failed
	abort   *cancellation // of the body, once a task has failed
	cause   error         // why the others are cancelled
	atWork  bool          // the body
	ended   *Future[struct{}]
}

// InGroup calls the body, awaits all tasks that it starts with [Group.Go], and
// returns what failed: nothing that was started in a group outlives it. When the
// first task fails, or the body, all others are cancelled and awaited. A
// cancellation from outside cancels all of them.
func InGroup(co *Coroutine, body func(g *Group) error) error {
	g := &Group{co: co, atWork: true, abort: &cancellation{errors.New("another task of the group failed"), true}}
	panicked, err := g.call(body)
	g.atWork = false
	co.withdraw(g.abort)
	if g.abort.only(err) {
		err = nil // it is told by the task that failed
	} else if err != nil {
		g.cancelAll(err)
	}
	if len(g.running) > 0 {
		g.ended = NewFuture[struct{}](co)
		if cancelled := g.ended.await(co, g.ended); cancelled != nil {
			g.cancelAll(cancelled)
			g.ended.settle(co)
			if err == nil {
				err = cancelled
			}
		}
	}
	g.co = nil
	if panicked != nil {
		panic(panicked)
	}
	if err == nil || len(g.errs) > 0 && errors.Is(err, ErrCancelled) {
		return errors.Join(g.errs...)
	}
	if len(g.errs) == 0 {
		return err
	}
	return errors.Join(append([]error{err}, g.errs...)...)
}

// call calls the body. If that panics, its tasks have to end all the same.
func (g *Group) call(body func(g *Group) error) (panicked *PanicError, err error) {
	defer func() {
		if p := recover(); p == errBrokenOff {
			panic(p)
		} else if p != nil {
			panicked = newPanicError(p)
			err = panicked
		}
	}()
	return nil, body(g)
}

// Go starts a task of the group. If a task has failed already, it is cancelled
// before it begins. Go panics when the group has ended.
func (g *Group) Go(f func(co *Coroutine) error) {
	if g.co == nil {
		panic("eventloop: a task for a group that has ended")
	}
	t := Go(g.co, func(co *Coroutine) (struct{}, error) { return struct{}{}, f(co) })
	g.running = append(g.running, t)
	if g.cause != nil {
		t.Cancel(g.cause)
	}
	t.future.then(func() {
		g.running = slices.DeleteFunc(g.running, func(other *Task[struct{}]) bool { return other == t })
		if err := t.future.err; err != nil && !errors.Is(err, ErrCancelled) {
			if g.errs = append(g.errs, err); len(g.errs) == 1 && g.atWork {
				g.co.cancel(g.abort)
			}
			g.cancelAll(g.abort.cause)
		}
		if len(g.running) == 0 && g.ended != nil {
			g.ended.Set(struct{}{})
		}
	})
}

// cancelAll cancels the tasks, but for those that have been cancelled already and
// clean up.
func (g *Group) cancelAll(cause error) {
	if g.cause == nil {
		g.cause = cause
	}
	for _, t := range g.running {
		if !t.co.told {
			t.Cancel(cause)
		}
	}
}

// ErrTimeout is what [Timeout] returns when its time is over.
var ErrTimeout = errors.New("the time is over")

// Timeout calls the function and cancels it when the time is over: Python's
// asyncio.timeout. Then it returns an error that is [ErrTimeout]; whatever else
// cancels the coroutine meanwhile stays a cancellation.
func Timeout(co *Coroutine, d time.Duration, f func(co *Coroutine) error) error {
	over := &cancellation{ErrTimeout, true}
	stop := co.loop.CallLater(d, func() { co.cancel(over) })
	defer func() {
		stop()
		co.withdraw(over)
	}()
	err := f(co)
	switch {
	case over.only(err):
		return fmt.Errorf("%w after %v", ErrTimeout, d)
	case errors.Is(err, over): // and more is wrong
		return fmt.Errorf("%w after %v: %w", ErrTimeout, d, err)
	}
	return err
}

// Shield awaits a task as [Await] does, but does not pass a cancellation on to
// it: Python's asyncio.shield (tasks.py). If the coroutine is cancelled, Shield
// returns the cancellation at once and the task runs on; somebody has to keep it
// and await it, or its failure is what Run returns.
func Shield[T any](co *Coroutine, task *Task[T]) (T, error) {
	return Await(co, &task.future)
}

// AsCompleted yields what the tasks return in the order in which they end:
// Python's asyncio.as_completed (tasks.py). If the coroutine is cancelled while
// it waits, the last thing it yields is the cancellation; the tasks run on.
func AsCompleted[T any](co *Coroutine, tasks ...*Task[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var ended Queue[*Task[T]]
		for _, t := range tasks {
			t.future.then(func() {
				ended.items = append(ended.items, t)
				ended.getting.call()
			})
		}
		for range tasks {
			t, err := ended.Get(co)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			if !yield(t.future.value, t.future.err) {
				return
			}
		}
	}
}
