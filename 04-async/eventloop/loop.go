package eventloop

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// A Loop runs coroutines and callbacks: asyncio's event loop (base_events.py). The
// zero Loop is ready. Set its fields before Run; Run only reads them.
type Loop struct {
	// Portable makes the loop use a goroutine for each I/O operation that
	// waits, also where it could ask the system (epoll) for all of them at once.
	Portable bool

	// SlowCallback, unless 0, is how long a step may last, of a coroutine from
	// one pause to the next or of a callback, before the loop warns of it:
	// asyncio's slow_callback_duration, in its debug mode 0.1 s.
	SlowCallback time.Duration

	// Warn is told what would otherwise go unnoticed, on the loop; by default it
	// writes to standard error. It must not await.
	Warn func(message string)

	began      time.Time
	ready      []handle // what runs in the next turn, in this order
	spare      []handle // the memory of the last one
	sinceIO    int      // handles since the poller was asked
	timers     timers
	coroutines []*Coroutine
	unused     []*Coroutine     // that have ended
	unheard    map[*promise]int // tasks that failed and that nothing has awaited, numbered
	heard      int              // the last number
	ending     *cancellation    // of all coroutines, once main has returned
	running    *Coroutine
	locked     bool // to a thread, by Run's caller
	poller     poller
	threads    sync.WaitGroup // of ToThread

	mu     sync.Mutex
	begun  bool
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
	// coroutines that can go on.
	wait(d time.Duration) error
	wake() // may be called by other goroutines
	idle() bool
	close() // all connections and listeners
	free()  // the poller itself, when nobody can wake it any more
	dial(co *Coroutine, to *net.TCPAddr) (conn, error)
	listen(l *net.TCPListener) (listener, error) // which it takes over
}

// Run runs the main coroutine, and all that it starts, on a new Loop: Python's
// asyncio.run (runners.py). See [Loop.Run].
func Run(ctx context.Context, main func(co *Coroutine) error) error {
	return new(Loop).Run(ctx, main)
}

// Run runs the main coroutine and returns its error. When the context ends, main
// is cancelled, with the context's cause. When main has returned, all other tasks
// are cancelled, also those that have refused before and those that are started
// from then on, and Run waits until they have ended; then it closes what they have
// left open. If the context ends meanwhile, they are cancelled once more.
//
// Where asyncio only logs that a task has failed and nothing awaited it, Run
// returns that error too, after main's own. A Loop runs once.
func (l *Loop) Run(ctx context.Context, main func(co *Coroutine) error) error {
	if err := l.begin(); err != nil {
		return err
	}
	defer l.close()
	first := spawn(l, func(co *Coroutine) (struct{}, error) { return struct{}{}, main(co) })
	first.future.hear()
	stop := context.AfterFunc(ctx, func() {
		l.CallSoonThreadsafe(func() {
			c := newCancellation(context.Cause(ctx))
			if !first.Done() {
				first.co.cancel(c)
			} else { // the others take too long to clean up
				l.cancelAll(c)
			}
		})
	})
	defer stop()

	var err error
	for len(l.coroutines) > 0 && err == nil {
		if first.Done() && l.ending == nil {
			l.ending = new(cancellation)
			l.cancelAll(l.ending)
		}
		err = l.turn()
	}
	return join(append([]error{first.future.err, err}, l.failures()...)...)
}

// begin makes the poller. If that fails, Run may be tried again.
func (l *Loop) begin() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.begun {
		return errors.New("eventloop: this Loop runs, or has run")
	}
	poller, err := l.newPoller()
	if err != nil {
		return fmt.Errorf("eventloop: %w", err)
	}
	var header [64]byte // “goroutine 1 [running, locked to thread]:”
	l.locked = bytes.Contains(header[:runtime.Stack(header[:], false)], []byte("locked to thread"))
	l.begun, l.poller, l.began, l.unheard = true, poller, time.Now(), make(map[*promise]int)
	return nil
}

func (l *Loop) cancelAll(c *cancellation) {
	for _, co := range l.coroutines {
		co.cancel(c)
	}
}

// unhear notes that a task has failed and nothing awaits it.
func (l *Loop) unhear(p *promise) {
	l.heard++
	l.unheard[p] = l.heard
}

// failures returns the errors of the tasks that nothing has awaited, in the order
// in which they failed.
func (l *Loop) failures() []error {
	unheard := slices.SortedFunc(maps.Keys(l.unheard), func(a, b *promise) int { return l.unheard[a] - l.unheard[b] })
	errs := make([]error, len(unheard))
	for i, p := range unheard {
		errs[i] = fmt.Errorf("eventloop: a task failed and nothing awaited it: %w", p.err)
	}
	return errs
}

func (l *Loop) warn(format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	if l.Warn != nil {
		l.Warn(message)
	} else {
		fmt.Fprintln(os.Stderr, "eventloop:", message)
	}
}

// pollEvery is how many handles may run before the poller is asked, if there is
// always one that is ready. Asking costs a system call.
const pollEvery = 64

// turn is the loop: wait for I/O, unless something is ready; then let all that is
// ready run, once each. What becomes ready meanwhile waits for the next turn.
func (l *Loop) turn() error {
	if len(l.ready) == 0 || l.sinceIO >= pollEvery {
		l.sinceIO = 0
		if len(l.ready) == 0 || !l.poller.idle() {
			if err := l.poller.wait(l.patience()); err != nil {
				return fmt.Errorf("eventloop: waiting for I/O: %w", err)
			}
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
			l.warn("a step took %v: whoever blocks the loop blocks them all", took.Round(time.Millisecond))
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
	} else {
		l.call(h.f)
	}
}

func (l *Loop) call(f func()) {
	defer func() {
		if p := recover(); p != nil {
			l.warn("a callback panicked: %v\n%s", p, debug.Stack())
		}
	}()
	f()
}

// Loop returns the loop that runs the coroutine: asyncio.get_running_loop
// (events.py).
func (co *Coroutine) Loop() *Loop { return co.loop }

// CallSoon calls the function in the loop's next turn, after what is ready before
// it: loop.call_soon (base_events.py). Only what runs on the loop may call it; see
// [Loop.CallSoonThreadsafe]. If the function panics, the loop warns and goes on.
func (l *Loop) CallSoon(f func()) { l.ready = append(l.ready, handle{f: f}) }

// CallSoonThreadsafe is CallSoon for other goroutines, at any time: what comes
// before Run waits for it, and what comes after it is never called. CPython:
// loop.call_soon_threadsafe (base_events.py), which raises once the loop is closed.
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
	for len(l.coroutines) > 0 { // what they defer may start more
		last := len(l.coroutines) - 1
		co := l.coroutines[last]
		l.coroutines = l.coroutines[:last]
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
