package eventloop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// A Loop runs coroutines and callbacks. Set its fields before Run; the zero Loop
// is ready.
type Loop struct {
	// Portable makes the loop use a goroutine for each I/O operation that
	// waits, also where it could ask the system (epoll) for all of them at once.
	Portable bool

	// SlowCallback, unless 0, is how long a step may last, of a coroutine from
	// one pause to the next or of a callback, before the loop warns of it: asyncio's slow_callback_duration, in its debug mode 0.1 s.
	SlowCallback time.Duration

	// Warn is told what would otherwise go unnoticed; by default it writes to
	// standard error.
	Warn func(message string)

	began      time.Time
	ready      []handle // who runs in the next turn, in this order
	spare      []handle // the memory of the last one
	sinceIO    int      // turns of handles since the poller was asked
	timers     timers
	coroutines []*Coroutine
	unused     []*Coroutine // that have ended
	failed     []*promise   // of tasks that nobody may have awaited
	running    *Coroutine
	poller     poller
	threads    sync.WaitGroup // of ToThread

	mu     sync.Mutex
	posted []func() // by other goroutines
	closed bool
}

// A handle is something to do: let a coroutine go on, or call a function.
type handle struct {
	co *Coroutine
	f  func()
}

// A poller waits for I/O.
type poller interface {
	// wait waits until an operation can go on, until wake is called, or until
	// the time is over, which never happens if it is negative. It wakes the
	// coroutines whose turn has come.
	wait(d time.Duration) error
	wake() // may be called by other goroutines
	idle() bool
	close() // all connections and listeners
	free()  // the poller itself, when nobody can wake it any more
	dial(co *Coroutine, address string) (conn, error)
	listen(address string) (listener, error)
}

// Run runs the main coroutine, and all that it starts, on a new Loop: Python's
// asyncio.run.
func Run(ctx context.Context, main func(co *Coroutine) error) error {
	return new(Loop).Run(ctx, main)
}

// Run runs the main coroutine and returns its error. When the context ends, main
// is cancelled. When main has returned, all other tasks are cancelled, and Run
// waits until they have cleaned up; then it closes what they have left open. If
// the context ends meanwhile, they are cancelled once more.
//
// Where asyncio only logs that a task has failed and nobody asked, Run returns
// that error too, after main's own.
func (l *Loop) Run(ctx context.Context, main func(co *Coroutine) error) error {
	if l.poller != nil {
		return errors.New("eventloop: this Loop runs, or has run")
	}
	var err error
	if l.poller, err = l.newPoller(); err != nil {
		return fmt.Errorf("eventloop: %w", err)
	}
	defer l.close()
	if l.Warn == nil {
		l.Warn = func(message string) { fmt.Fprintln(os.Stderr, "eventloop:", message) }
	}
	l.began = time.Now()
	first := spawn(l, func(co *Coroutine) (struct{}, error) { return struct{}{}, main(co) })
	first.future.awaited = true
	stop := context.AfterFunc(ctx, func() {
		l.CallSoonThreadsafe(func() {
			cause := context.Cause(ctx)
			if first.Cancel(cause); first.Done() { // the others take too long to clean up
				for _, co := range slices.Clone(l.coroutines) {
					co.cancel(&cancellation{cause: cause})
				}
			}
		})
	})
	defer stop()

	for len(l.coroutines) > 0 && err == nil {
		if first.Done() {
			l.cancelTheRest()
		}
		err = l.turn()
	}
	errs := []error{first.future.err, err}
	for _, p := range l.failed {
		if !p.awaited {
			errs = append(errs, fmt.Errorf("eventloop: a task failed and nobody awaited it: %w", p.err))
		}
	}
	errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

// cancelTheRest cancels all who have not been cancelled yet, also those that are
// started while others clean up.
func (l *Loop) cancelTheRest() {
	for _, co := range slices.Clone(l.coroutines) {
		if !co.told {
			co.cancel(new(cancellation))
		}
	}
}

// pollEvery is how many handles may run before the poller is asked, if there is
// always one that is ready. Asking costs a system call.
const pollEvery = 64

// turn is the loop: wait for I/O, unless something is ready; then let all who
// are ready run, once each. Who becomes ready meanwhile waits for the next turn.
func (l *Loop) turn() error {
	if len(l.ready) == 0 || l.sinceIO >= pollEvery {
		l.sinceIO = 0
		if len(l.ready) > 0 && l.poller.idle() {
			// nobody waits for I/O
		} else if err := l.poller.wait(l.patience()); err != nil {
			return fmt.Errorf("eventloop: waiting for I/O: %w", err)
		}
	}
	l.takePosted()
	l.expire()

	batch := l.ready
	l.ready = l.spare[:0]
	l.sinceIO += len(batch)
	for i, h := range batch {
		batch[i] = handle{} // so that it is not kept alive
		if l.SlowCallback == 0 {
			h.run(l)
			continue
		}
		start := time.Now()
		h.run(l)
		if took := time.Since(start); took >= l.SlowCallback {
			l.Warn(fmt.Sprintf("a step took %v: whoever blocks the loop blocks them all", took.Round(time.Millisecond)))
		}
	}
	l.spare = batch
	return nil
}

// patience returns how long the poller may wait.
func (l *Loop) patience() time.Duration {
	if len(l.ready) > 0 {
		return 0
	}
	if next, ok := l.timers.next(); ok {
		return max(next-l.now(), 0)
	}
	return -1
}

func (h handle) run(l *Loop) {
	if h.co != nil {
		h.co.step()
		return
	}
	defer func() {
		if p := recover(); p != nil {
			l.Warn(fmt.Sprintf("a callback panicked: %v\n%s", p, debug.Stack()))
		}
	}()
	h.f()
}

// Loop returns the loop that runs the coroutine.
func (co *Coroutine) Loop() *Loop { return co.loop }

// CallSoon calls the function in the loop's next turn, after those that are
// ready before it. Only what runs on the loop may call CallSoon; see
// [Loop.CallSoonThreadsafe].
func (l *Loop) CallSoon(f func()) { l.ready = append(l.ready, handle{f: f}) }

// CallSoonThreadsafe is CallSoon for other goroutines. Once the loop has ended
// it does nothing.
func (l *Loop) CallSoonThreadsafe(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.posted = append(l.posted, f)
	if len(l.posted) == 1 && l.poller != nil {
		l.poller.wake()
	}
}

func (l *Loop) takePosted() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.posted {
		l.CallSoon(f)
	}
	clear(l.posted)
	l.posted = l.posted[:0]
}

// close ends what belongs to the loop. There are coroutines left only if it has
// been broken off, by an error of the poller or a runtime.Goexit.
func (l *Loop) close() {
	for _, co := range l.coroutines {
		l.running = co
		co.stop()
	}
	for _, co := range l.unused {
		co.stop()
	}
	l.poller.close()
	l.threads.Wait()
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.poller.free()
}
