// Package procpool runs tasks in a pool of worker processes, as Python's
// multiprocessing.Pool does, and outlives its workers: a task whose worker dies
// runs again on a new one. So a task runs at least once, and may run twice.
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
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"
)

// ErrClosed is the error of a call to a pool that was closed before it or
// meanwhile. In multiprocessing: ValueError, Pool not running.
var ErrClosed = errors.New("the pool is closed")

// ErrWorkerDied is the error of a task that was begun three times, and each
// time its worker died; the pool goes on. In concurrent.futures it is
// BrokenProcessPool, and the pool is lost; multiprocessing.Pool waits for ever.
var ErrWorkerDied = errors.New("the worker died")

const maxTries = 3

// A Pool is a number of worker processes: multiprocessing.Pool. Its methods,
// and calls to it, may run at the same time.
type Pool struct {
	free   chan struct{}   // holds as many as idle does
	ctx    context.Context // ends, with ErrClosed, when the pool is closed
	cancel context.CancelCauseFunc
	once   sync.Once

	mu    sync.Mutex
	idle  []*worker       // nil where a worker died and none was needed since
	live  map[int]*worker // by process id, busy or idle
	spent time.Duration   // CPU time of the workers that have ended
}

// New starts a pool: multiprocessing.Pool, with the start method spawn. It
// returns when all workers have said hello. If they do not, most likely the
// program does not call Serve; the error says so.
func New(workers int) (*Pool, error) {
	if isWorker || os.Getenv(marker) != "" {
		return nil, errors.New("procpool: start a pool: this process is a worker, which cannot have workers; " +
			"if it should not be one, make procpool.Serve() the first line of main, and of TestMain")
	}
	if workers < 1 {
		return nil, fmt.Errorf("procpool: start a pool of %d workers: it takes at least one", workers)
	}
	p := &Pool{free: make(chan struct{}, workers), live: make(map[int]*worker)}
	p.ctx, p.cancel = context.WithCancelCause(context.Background())
	errs := make(chan error)
	for range workers {
		go func() {
			w, err := p.start()
			p.release(w)
			errs <- err
		}()
	}
	var err error
	for range workers {
		err = cmp.Or(err, <-errs)
	}
	if err != nil {
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
		p.cancel(ErrClosed)
		for _, w := range p.workers() {
			w.Process.Kill()
		}
		for range p.Workers() {
			<-p.free // no call is in flight any more
		}
		for _, w := range p.workers() {
			w.end()
		}
	})
	return nil
}

// Workers returns how many workers the pool has.
func (p *Pool) Workers() int { return cap(p.free) }

// PIDs returns the process ids of the workers, in ascending order. One that
// has died is among them until a call comes upon it.
func (p *Pool) PIDs() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(maps.Keys(p.live))
}

// CPUTime returns the CPU time, user and system, of all workers that the pool
// has had. A worker tells its own with each answer: a call in flight does not
// count yet. In Python one would ask getrusage(RUSAGE_CHILDREN), which counts
// only the workers that have ended.
func (p *Pool) CPUTime() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	sum := p.spent
	for _, w := range p.live {
		sum += time.Duration(w.cpu.Load())
	}
	return sum
}

func (p *Pool) workers() []*worker {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Collect(maps.Values(p.live))
}

// with waits for a worker and lets talk use it; if it dies, a new one.
func (p *Pool) with(ctx context.Context, tries int, talk func(*worker) error) error {
	w, err := p.acquire(ctx)
	if err != nil {
		return err
	}
	defer func() { p.release(w) }()
	for try := 1; ; try++ {
		w, err = p.use(ctx, w, talk)
		if try == tries || !errors.Is(err, ErrWorkerDied) {
			return err
		}
	}
}

// use lets talk use a worker, and returns it if it can be used again. After an
// error that is not the task's own it cannot: nobody knows what is in its pipes.
func (p *Pool) use(ctx context.Context, w *worker, talk func(*worker) error) (_ *worker, err error) {
	if w == nil {
		if w, err = p.start(); err != nil {
			return nil, err
		}
	}
	stop := context.AfterFunc(ctx, w.end)
	err = talk(w)
	if !stop() {
		return nil, context.Cause(ctx)
	}
	if _, own := errors.AsType[*TaskError](err); own || err == nil {
		return w, err
	}
	w.end()
	if p.ctx.Err() != nil {
		return nil, ErrClosed
	}
	if errors.Is(err, ErrWorkerDied) {
		err = fmt.Errorf("%w (%v)", err, w.ProcessState)
	}
	return nil, err
}

// acquire waits for a worker. The one that was used last goes first: its
// memory is still in a cache.
func (p *Pool) acquire(ctx context.Context) (*worker, error) {
	if err := cmp.Or(context.Cause(ctx), context.Cause(p.ctx)); err != nil {
		return nil, err
	}
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-p.ctx.Done():
		return nil, ErrClosed
	case <-p.free:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.idle) - 1
	w := p.idle[last]
	p.idle = p.idle[:last]
	return w, nil
}

func (p *Pool) release(w *worker) {
	p.mu.Lock()
	p.idle = append(p.idle, w)
	p.mu.Unlock()
	p.free <- struct{}{}
}
