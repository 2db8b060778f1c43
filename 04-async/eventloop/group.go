package eventloop

import (
	"errors"
	"fmt"
	"time"
)

// Gather awaits all tasks and returns their values in the order of the tasks, or
// the error of the first that fails: Python's asyncio.gather. The others run on
// then, as they do there; in a [Group] they are cancelled. If the coroutine is
// cancelled, Gather cancels all tasks and awaits their end.
func Gather[T any](co *Coroutine, tasks ...*Task[T]) ([]T, error) {
	all := NewFuture[struct{}](co)
	left := len(tasks)
	for _, t := range tasks {
		t.then(func() {
			left--
			switch {
			case all.done:
			case t.err != nil:
				all.Fail(t.err)
			case left == 0:
				all.Set(struct{}{})
			}
		})
	}
	if left == 0 {
		return nil, co.cancelled()
	}
	if _, err := Await(co, all); !all.done { // cancelled
		for _, t := range tasks {
			t.Cancel(err)
		}
		for _, t := range tasks {
			_, _ = Await(co, t)
		}
		return nil, err
	} else if err != nil {
		return nil, err
	}
	values := make([]T, len(tasks))
	for i, t := range tasks {
		values[i] = t.value
	}
	return values, nil
}

// A Group is a number of tasks that end together: Python's asyncio.TaskGroup.
// [InGroup] makes one.
type Group struct {
	co      *Coroutine
	running []*Task[struct{}]
	errs    []error       // of the tasks that failed
	abort   *cancellation // of the body and the other tasks, once one has failed
	ended   *Future[struct{}]
}

// InGroup calls the body, awaits all tasks that it starts with [Group.Go], and
// returns what failed: nothing that was started in a group outlives it. When the
// first task fails, or the body, all others are cancelled and awaited. A
// cancellation from outside cancels all of them.
func InGroup(co *Coroutine, body func(g *Group) error) error {
	g := &Group{co: co, abort: &cancellation{errors.New("another task of the group failed"), true}}
	err := body(g)
	if err != nil {
		g.cancelAll()
	}
	for len(g.running) > 0 {
		g.ended = NewFuture[struct{}](co)
		if _, cancelled := Await(co, g.ended); cancelled != nil {
			if err == nil {
				err = cancelled
			}
			g.cancelAll()
		}
	}
	co.withdraw(g.abort)
	if errors.Is(err, g.abort) {
		err = nil // it is told by the task that failed
	}
	if err == nil || len(g.errs) > 0 && errors.Is(err, ErrCancelled) {
		return errors.Join(g.errs...)
	}
	return errors.Join(append([]error{err}, g.errs...)...)
}

// Go starts a task of the group.
func (g *Group) Go(f func(co *Coroutine) error) {
	t := Go(g.co, func(co *Coroutine) (struct{}, error) { return struct{}{}, f(co) })
	g.running = append(g.running, t)
	t.then(func() {
		for i, other := range g.running {
			if other == t {
				g.running = append(g.running[:i], g.running[i+1:]...)
				break
			}
		}
		if t.err != nil && !errors.Is(t.err, ErrCancelled) {
			if len(g.errs) == 0 && g.ended == nil {
				g.co.cancel(g.abort) // the body is still at work
			}
			g.errs = append(g.errs, t.err)
			g.cancelAll()
		}
		if len(g.running) == 0 && g.ended != nil && !g.ended.done {
			g.ended.Set(struct{}{})
		}
	})
}

func (g *Group) cancelAll() {
	for _, t := range g.running {
		t.Cancel(g.abort.cause)
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
	err := f(co)
	stop()
	co.withdraw(over)
	if errors.Is(err, over) {
		return fmt.Errorf("%w after %v", ErrTimeout, d)
	}
	return err
}

// withdraw takes back a cancellation that has not been delivered.
func (co *Coroutine) withdraw(c *cancellation) {
	for i, p := range co.pending {
		if p == c {
			co.pending = append(co.pending[:i:i], co.pending[i+1:]...)
			return
		}
	}
}
