// Package procpool runs tasks in a pool of worker processes, as Python's
// multiprocessing.Pool does, and outlives its workers: a task whose worker dies,
// or cannot be understood, runs again on a new one. So a task runs at least
// once, and up to three times.
//
//	var primes = procpool.Define("primes", countPrimes)
//
//	func main() {
//		procpool.Serve() // in a worker, main ends here
//		pool, err := procpool.New(4)
//		...
//		defer pool.Close()
//		counts, err := primes.Map(ctx, pool, []int{1000, 2000, 3000})
//
// A worker is the same program, started again, for Go cannot fork. Calls and
// answers are frames on its standard input and output.
package procpool

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// ErrClosed is the error of a call to a pool that was closed before it or
// meanwhile. In multiprocessing: ValueError, Pool not running.
var ErrClosed = errors.New("the pool is closed")

// ErrWorkerDied is the error of a task that had three workers, and all of them
// died; the pool goes on. In concurrent.futures it is
// BrokenProcessPool, and the pool is lost; multiprocessing.Pool waits for ever.
var ErrWorkerDied = errors.New("the worker died")

// A Pool is a number of worker processes: multiprocessing.Pool. Its methods,
// and calls to it, may run at the same time.
type Pool struct {
	idle  chan *worker // nil where a worker died and none was needed since
	ctx   context.Context
	close context.CancelFunc
	once  sync.Once
	cpu   atomic.Int64 // ns: see CPUTime
}

// New starts a pool: multiprocessing.Pool, with the start method spawn. It
// returns when all workers have said hello. If they do not, most likely the
// program does not call Serve; the error says so.
//
// A signal from the terminal, as by Ctrl-C, reaches the workers too.
func New(workers int) (*Pool, error) {
	if isWorker || os.Getenv(marker) != "" {
		return nil, errors.New("procpool: start a pool: this process is a worker, which cannot have workers; " +
			"if it should not be one, make procpool.Serve() the first line of main, and of TestMain")
	}
	if workers < 1 {
		return nil, fmt.Errorf("procpool: start a pool of %d workers: it takes at least one", workers)
	}
	p := &Pool{idle: make(chan *worker, workers)}
	p.ctx, p.close = context.WithCancel(context.Background())
	var starts errgroup.Group
	for range workers {
		starts.Go(func() error {
			w, err := start(p.ctx)
			p.idle <- w
			return err
		})
	}
	if err := starts.Wait(); err != nil {
		p.Close()
		return nil, fmt.Errorf("procpool: start a pool: %w", err)
	}
	return p, nil
}

// Close ends the pool: Pool.terminate. It kills the workers, idle or busy, and
// returns when they have ended. Calls in flight return ErrClosed. The error is
// always nil.
func (p *Pool) Close() error {
	p.once.Do(func() {
		p.close()
		for range p.Workers() { // when all are here, no call is in flight
			if w := <-p.idle; w != nil {
				w.end()
			}
		}
	})
	return nil
}

// Workers returns how many workers the pool has.
func (p *Pool) Workers() int { return cap(p.idle) }

// CPUTime returns the CPU time, user and system, that the workers have spent
// since they said hello, up to their last answers. In Python one would ask
// getrusage(RUSAGE_CHILDREN), which counts only the workers that have ended.
func (p *Pool) CPUTime() time.Duration { return time.Duration(p.cpu.Load()) }

// lend waits for a worker and lets talk use it; if it dies, a new one, until so
// many have been tried.
func (p *Pool) lend(ctx context.Context, tries int, talk func(*worker) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(p.ctx, func() { cancel(ErrClosed) })()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var w *worker
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case w = <-p.idle:
	}
	defer func() { p.idle <- w }()
	for {
		var err error
		if w == nil {
			w, err = start(ctx)
		}
		if err == nil {
			before := w.cpu
			w, err = w.use(ctx, talk)
			if w != nil {
				p.cpu.Add(int64(w.cpu - before))
			}
		}
		if tries--; tries == 0 || !errors.Is(err, ErrWorkerDied) {
			return err
		}
	}
}
