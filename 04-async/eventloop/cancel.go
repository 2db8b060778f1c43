package eventloop

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// ErrCancelled is what an await returns in a task that has been cancelled:
// Python's CancelledError (exceptions.py). With errors.Is and errors.As the error
// is also the cause that was given to [Task.Cancel] or to Run's context.
var ErrCancelled = errors.New("cancelled")

// ErrTimeout is what [Timeout] returns when its time is over: Python's
// TimeoutError. No cancellation is ErrTimeout, not even that of a Timeout, and
// what Timeout returns then is no longer ErrCancelled.
var ErrTimeout = errors.New("the time is over")

// A cancellation is a request to end.
type cancellation struct {
	cause error
	scope *scope // what is to end; nil, or of another coroutine: the whole task
}

// newCancellation returns a request to end a whole task.
func newCancellation(cause error) *cancellation {
	if c, ok := cause.(*cancellation); ok { // it is passed on by hand
		cause = c.cause
	}
	return &cancellation{cause: cause}
}

func (c *cancellation) Error() string {
	if c.cause == nil {
		return ErrCancelled.Error()
	}
	return fmt.Sprintf("%v: %v", ErrCancelled, c.cause)
}

func (c *cancellation) Is(target error) bool { return target == ErrCancelled }

func (c *cancellation) Unwrap() error {
	if errors.Is(c.cause, ErrTimeout) { // somebody else's, to anyone who hears of it
		return nil
	}
	return c.cause
}

// A scope is a part of what a task does that can end by itself.
type scope struct {
	co     *Coroutine
	around *scope // nil: the task itself
	depth  int    // 1, if the task itself is around it
	own    cancellation
	asked  bool          // to end
	outer  *cancellation // what is around it was asked to end, since it began; the outermost
}

// open opens a scope inside those that are open. The cause is what its own
// cancellation will say.
func (co *Coroutine) open(cause error) *scope {
	s := &scope{co: co, around: co.scope, depth: 1, outer: co.pending}
	if s.around != nil {
		s.depth += s.around.depth
	}
	s.own = cancellation{cause, s}
	co.scope = s
	return s
}

// cancel asks the scope to end. It must be open.
func (s *scope) cancel() {
	s.asked = true
	s.co.cancel(&s.own)
}

// close ends the scope, and takes back its own cancellation.
func (s *scope) close() {
	s.takeBack()
	s.co.scope = s.around
	s.co = nil // to a task that it was passed on to, it is one from outside
}

func (s *scope) takeBack() {
	if s.co.pending == &s.own {
		s.co.pending = nil
	}
}

// cancel delivers a cancellation to the coroutine, or sees to it that it will be.
func (co *Coroutine) cancel(c *cancellation) {
	level := c.scope
	if level == nil || level.co != co {
		if co.passing { // it has come in a circle
			co.passing = false
			return
		}
		if co.last == c {
			return // it has come another way
		}
		co.last, level = c, nil
	}
	for s := co.scope; s != level; s = s.around {
		s.outer = co.outermost(s.outer, c)
	}
	co.pending = co.outermost(co.pending, c)
	if co.source != nil && co.interrupt() == gone {
		co.left = true
		co.wake()
	}
}

// interrupt tells what the coroutine waits for that it has been cancelled.
func (co *Coroutine) interrupt() leaving {
	co.passing = true
	what := co.source.leave(co, co.pending)
	co.passing = false
	if what == passedOn {
		co.pending = nil
	}
	return what
}

// cancelled takes the cancellation that is to be delivered, if there is one. An
// await that need not wait calls it too.
func (co *Coroutine) cancelled() error {
	co.mustRun()
	if c := co.pending; c != nil {
		co.pending = nil
		return c
	}
	return nil
}

func (co *Coroutine) mustRun() {
	if co.loop.running != co {
		panic("eventloop: only the coroutine that runs can await, and with its own *Coroutine")
	}
}

// outermost returns the one that ends more, and the first of two that end the same.
func (co *Coroutine) outermost(a, b *cancellation) *cancellation {
	if a == nil || co.depth(b) < co.depth(a) {
		return b
	}
	return a
}

func (co *Coroutine) depth(c *cancellation) int {
	if c.scope != nil && c.scope.co == co {
		return c.scope.depth
	}
	return 0
}

// again delivers a cancellation, if there is one, once more: a failure went before it.
func (co *Coroutine) again(c *cancellation) {
	if c != nil {
		co.pending = co.outermost(co.pending, c)
	}
}

// failure returns what there is in an error besides cancellations, and whether
// there are any in it.
func failure(err error) (rest error, cancelled bool) {
	switch e := err.(type) {
	case nil:
		return nil, false
	case *cancellation:
		return nil, true
	case *PanicError: // whatever the value is
		return err, false
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			if rest, cancelled = failure(inner); cancelled {
				return rest, true
			}
			return err, false
		}
	case interface{ Unwrap() []error }:
		var failures []error
		for _, inner := range e.Unwrap() {
			rest, c := failure(inner)
			failures = append(failures, rest)
			cancelled = cancelled || c
		}
		if cancelled {
			return join(failures...), true
		}
		return err, false
	}
	if errors.Is(err, ErrCancelled) {
		return nil, true
	}
	return err, false
}

// join is errors.Join, but for a single error, which stays itself.
func join(errs ...error) error {
	errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

// Timeout calls the function and cancels it when the time is over: Python's
// asyncio.timeout (timeouts.py). Then it returns an error that is [ErrTimeout],
// and what else failed; if the function returns nil all the same, so does Timeout.
// If something around it has been cancelled meanwhile, it returns that
// cancellation. With 0 or less, the function's first await is cancelled.
func Timeout(co *Coroutine, d time.Duration, f func(co *Coroutine) error) error {
	s := co.open(ErrTimeout)
	defer s.close()
	if d <= 0 {
		s.cancel()
	} else {
		defer co.loop.CallLater(d, s.cancel)()
	}
	err := f(co)
	rest, cancelled := failure(err)
	switch {
	case !s.asked || !cancelled:
		return err
	case s.outer == nil:
		return join(fmt.Errorf("%w after %v", ErrTimeout, d), rest)
	case rest != nil || errors.Is(err, s.outer):
		return err
	case co.pending == s.outer: // and this is the delivery
		co.pending = nil
	}
	return s.outer
}
