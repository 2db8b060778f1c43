// Package gil is CPython's global interpreter lock, rebuilt to be taken apart:
// the algorithm of Python/ceval_gil.c (until 3.11, ceval_gil.h) since 3.2, by
// its own names. Threads of the model compute in small steps, with a look at the
// eval breaker after each; they call long C functions, where nobody looks; and
// they block, without the lock.
//
// It is a model: what it leaves out is what the lock has to do with signals, with
// other interpreters and with the end of the program. One mutex serves for
// gil->mutex and gil->switch_mutex, and there is one drop request for all threads,
// as until 3.12: since 3.13 it is a bit of the holder's eval breaker.
package gil

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"concurrency-notebook/internal/timeline"
)

// A GIL is a lock that is held to run Python code: struct _gil_runtime_state.
type GIL struct {
	interval time.Duration
	rec      *timeline.Recorder // or nil

	mu           sync.Mutex // held for moments only
	cond         condition  // the lock is free
	switchCond   condition  // it has another holder
	locked       bool
	lastHolder   *Thread
	switchNumber int

	dropRequest atomic.Bool // read by the holder, at the eval breaker
}

// DefaultInterval is the switch interval that CPython starts with.
const DefaultInterval = 5 * time.Millisecond

// New returns the lock that CPython has had since 3.2. A thread that waits is
// patient for the switch interval; if it has seen no switch by then, it asks
// the holder to drop the lock: sys.setswitchinterval. Who holds it is recorded
// with rec, unless that is nil. The error is that of CPython for an interval
// that is not positive.
func New(interval time.Duration, rec *timeline.Recorder) (*GIL, error) {
	if interval <= 0 {
		return nil, errors.New("switch interval must be strictly positive")
	}
	return &GIL{interval: interval, rec: rec}, nil
}

// take waits for the lock: take_gil.
func (g *GIL) take(t *Thread) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.locked { // patient for an interval, again and again
		saved := g.switchNumber
		timedOut := g.cond.wait(&g.mu, g.interval)
		if timedOut && g.locked && g.switchNumber == saved {
			g.dropRequest.Store(true) // nobody else got it meanwhile: ask
		}
	}
	g.locked = true
	if g.lastHolder != t {
		g.lastHolder = t
		g.switchNumber++
	}
	g.switchCond.signal()
	g.dropRequest.Store(false)
}

// drop frees the lock: drop_gil. If somebody asked for it, the thread waits
// until another has it: it would often be the next one too, since it is awake
// already.
func (g *GIL) drop(t *Thread) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.locked {
		panic("drop_gil: GIL is not locked")
	}
	g.locked = false
	g.cond.signal()
	if g.dropRequest.Load() {
		g.dropRequest.Store(false)
		for g.lastHolder == t { // forced switching
			g.switchCond.wait(&g.mu, 0)
		}
	}
}

// A condition is a condition variable with a time limit, which sync.Cond has
// not: COND_TIMED_WAIT.
type condition struct{ waiters []chan struct{} }

// wait unlocks mu, waits for a signal, or no longer than the limit unless that
// is 0, and locks mu again.
func (c *condition) wait(mu *sync.Mutex, limit time.Duration) (timedOut bool) {
	woken := make(chan struct{})
	c.waiters = append(c.waiters, woken)
	mu.Unlock()
	var late <-chan time.Time
	if limit > 0 {
		late = time.After(limit)
	}
	select {
	case <-woken:
	case <-late:
	}
	mu.Lock()
	i := slices.Index(c.waiters, woken)
	if i < 0 {
		return false // it was signalled
	}
	c.waiters = slices.Delete(c.waiters, i, i+1)
	return true
}

// signal wakes one of those that wait; POSIX leaves open which one. Here a coin
// decides between the one whose wait began last, who has perhaps just asked for
// the lock and is not asleep yet, and the one whose wait began first.
func (c *condition) signal() {
	if len(c.waiters) == 0 {
		return
	}
	chosen := len(c.waiters) - 1
	if rand.IntN(2) == 0 {
		chosen = 0
	}
	close(c.waiters[chosen])
	c.waiters = slices.Delete(c.waiters, chosen, chosen+1)
}
