package eventloop

import (
	"errors"
	"iter"
	"slices"
)

// A Group is a number of tasks that end together: Python's asyncio.TaskGroup
// (taskgroups.py). [InGroup] makes one.
type Group struct {
	co      *Coroutine // of InGroup; nil once the group has ended
	scope   *scope
	atWork  bool              // the body
	tasks   []*Task[struct{}] // in the order of Go; swept now and then
	running int               // of them
	errs    []error           // of the tasks that failed
	why     *cancellation     // why all tasks are cancelled; nil: they aren't
	passed  bool              // a cancellation came while the tasks were awaited
}

// InGroup calls the body, awaits all tasks that it starts with [Group.Go], and
// returns what failed: nothing that was started in a group outlives it. When the
// first task fails, or the body, all others are cancelled and awaited. A task that
// has been cancelled has not failed, unless its error says more than that.
//
// A cancellation of the coroutine cancels all tasks. InGroup returns it once they
// have ended; if one of them fails, it returns the failure, and the coroutine's
// next await returns the cancellation. If the body panics, so does InGroup, when
// the tasks have ended.
func InGroup(co *Coroutine, body func(g *Group) error) error {
	g := &Group{co: co, scope: co.open(errOther), atWork: true}
	defer g.scope.close()
	panicked, err := g.call(body)
	g.atWork = false
	g.scope.takeBack()
	rest, _ := failure(err)
	if err != nil && g.why == nil {
		if g.why = g.scope.outer; g.why == nil {
			g.why = newCancellation(err)
		}
		g.cancelAll(g.why)
	}
	for g.running > 0 {
		co.park(g) // which never takes it away
	}
	g.co = nil
	if failed := join(append([]error{rest}, g.errs...)...); failed != nil {
		co.again(g.scope.outer)
		if panicked != nil {
			panic(panicked)
		}
		return failed
	}
	if err == nil && g.passed {
		return g.scope.outer
	}
	return err
}

var errOther = errors.New("another task of the group failed")

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

// Go starts a task of the group: Python's TaskGroup.create_task. As long as InGroup
// has not returned, it awaits that task too, no matter which coroutine calls Go. If
// the group is being cancelled, the task does not begin. Go panics when the group
// has ended.
func (g *Group) Go(f func(co *Coroutine) error) {
	if g.co == nil {
		panic("eventloop: a task for a group that has ended")
	}
	t := Go(g.co, func(co *Coroutine) (struct{}, error) { return struct{}{}, f(co) })
	g.tasks = append(g.tasks, t)
	g.running++
	if g.why != nil {
		t.co.cancel(g.why)
	}
	t.future.hear()
	t.future.whenDone(func() { g.ended(t) })
}

func (g *Group) ended(t *Task[struct{}]) {
	if g.running--; g.running == 0 {
		g.co.wakeFrom(g)
	}
	if len(g.tasks) > 2*g.running+16 {
		g.tasks = slices.DeleteFunc(g.tasks, func(t *Task[struct{}]) bool { return t.future.done })
	}
	rest, _ := failure(t.future.err)
	if rest == nil {
		return
	}
	g.errs = append(g.errs, rest)
	if g.why == nil {
		g.why = &g.scope.own
		g.cancelAll(g.why)
		if g.atWork {
			g.scope.cancel()
		}
	}
}

func (g *Group) cancelAll(c *cancellation) {
	for _, t := range g.tasks {
		if !t.future.done {
			t.co.cancel(c)
		}
	}
}

// leave passes the cancellation on to the tasks.
func (g *Group) leave(_ *Coroutine, c *cancellation) leaving {
	g.passed = true
	if g.why == nil {
		g.why = c
	}
	g.cancelAll(c)
	return passedOn
}

// Gather awaits all tasks and returns their values in the order of the tasks, or
// the error of the first that fails: Python's asyncio.gather (tasks.py). The
// others run on then, as they do there; in a [Group] they are cancelled.
//
// If the coroutine is cancelled, Gather cancels all tasks, awaits their end and
// returns the cancellation; or what failed, and the next await returns the
// cancellation.
func Gather[T any](co *Coroutine, tasks ...*Task[T]) ([]T, error) {
	if len(tasks) == 0 {
		return nil, co.cancelled()
	}
	co.mustRun()
	g := &gathering[T]{tasks: tasks}
	left := len(tasks)
	var first error
	var failures []error
	for _, t := range tasks {
		t.future.hear()
		t.future.whenDone(func() {
			left--
			if err := t.future.err; err != nil && first == nil {
				first = err
			}
			rest, _ := failure(t.future.err)
			failures = append(failures, rest)
			if left == 0 || first != nil && g.cancelled == nil {
				co.wakeFrom(g)
			}
		})
	}
	for left > 0 && (first == nil || g.cancelled != nil) {
		co.park(g) // which never takes it away
	}
	if g.cancelled != nil {
		failed := join(failures...)
		if failed == nil {
			return nil, g.cancelled
		}
		co.again(g.cancelled)
		return nil, failed
	}
	if first != nil {
		return nil, first
	}
	values := make([]T, len(tasks))
	for i, t := range tasks {
		values[i] = t.future.value
	}
	return values, nil
}

// gathering is what a coroutine in Gather waits for.
type gathering[T any] struct {
	tasks     []*Task[T]
	cancelled *cancellation
}

func (g *gathering[T]) leave(co *Coroutine, c *cancellation) leaving {
	if g.cancelled == nil {
		g.cancelled = c
	}
	g.cancelled = co.outermost(g.cancelled, c)
	for _, t := range g.tasks {
		if !t.future.done {
			t.co.cancel(c)
		}
	}
	return passedOn
}

// Shield awaits a task as [Await] does, but does not pass a cancellation on to
// it: Python's asyncio.shield (tasks.py). If the coroutine is cancelled, Shield
// returns the cancellation at once and the task runs on, until Run ends. Keep the
// task and await it later; if nothing does, its failure is what Run returns.
func Shield[T any](co *Coroutine, task *Task[T]) (T, error) {
	return Await(co, &task.future)
}

// AsCompleted yields the values and errors of the tasks in the order in which they
// end: Python's asyncio.as_completed (tasks.py). If the coroutine is cancelled while
// it waits, the last error that it yields is the cancellation. The tasks run on
// then, and also if the loop is left early.
func AsCompleted[T any](co *Coroutine, tasks ...*Task[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var ended Queue[*Task[T]]
		for _, t := range tasks {
			t.future.whenDone(func() { ended.add(t) })
		}
		for range tasks {
			t, err := ended.Get(co)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			t.future.hear()
			if !yield(t.future.value, t.future.err) {
				return
			}
		}
	}
}
