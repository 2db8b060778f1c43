// Package procpool runs tasks in a pool of worker processes, as Python's
// multiprocessing.Pool does, and outlives its workers: a task whose worker dies
// runs again on a new one. So a task runs at least once, and at most three
// times, or as often as [Task.Runs] allows.
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
// A worker is this very program, started again, for Go cannot fork. Calls and
// answers are frames on pipes that nobody else has: what a task reads is empty,
// and what it prints comes out on the pool's standard error.
package procpool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// A Pool is a number of worker processes: multiprocessing.Pool. Its methods,
// and calls to it, may run at the same time.
type Pool struct {
	config Config
	idle   chan *worker // nil where a worker died and none was needed since
	ctx    context.Context
	close  context.CancelFunc
	once   sync.Once
	cpu    atomic.Int64 // ns: see CPUTime
	print  sync.Mutex   // one line at a time
}

// A Config says what a pool is to be like. The zero Config is good.
type Config struct {
	// Workers is how many there are: processes. If it is 0, there is one for each
	// CPU that Go uses, GOMAXPROCS; Python asks os.process_cpu_count.
	Workers int

	// TasksPerWorker is how many tasks a worker runs before a new one takes its
	// place: maxtasksperchild. If it is 0, there is no limit.
	TasksPerWorker int

	// Env is the workers' environment, as in [os/exec.Cmd]. If it is nil, it is
	// that of this process.
	Env []string

	// Stderr is where goes what workers write to their standard error and output,
	// line by line, as in "worker 4711: out of tea". If it is nil, it is
	// os.Stderr.
	Stderr io.Writer
}

// New starts a pool of so many workers: multiprocessing.Pool, with the start
// method spawn. It is short for Config{Workers: workers}.New.
func New(workers int) (*Pool, error) { return Config{Workers: workers}.New(context.Background()) }

// New starts a pool. It returns when all workers have said hello. If they do
// not, most likely the program does not call Serve; the error says so. When ctx
// ends, the pool is closed.
//
// A Ctrl-C does not reach the workers, so that a program that catches it can
// let them finish; the end of the program does, whatever ended it.
func (c Config) New(ctx context.Context) (*Pool, error) {
	p, err := c.start(ctx)
	if err != nil {
		return nil, fmt.Errorf("procpool: start a pool: %w", err)
	}
	return p, nil
}

func (c Config) start(ctx context.Context) (*Pool, error) {
	switch {
	case isWorker:
		return nil, errors.New("this process is a worker, which cannot have workers; " +
			"if it should not be one, make procpool.Serve() the first line of main, and of TestMain")
	case !served.Load():
		return nil, errors.New("its workers would not know that they are workers: " + hint)
	case c.Workers < 0 || c.TasksPerWorker < 0:
		return nil, fmt.Errorf("%d workers of %d tasks each: no number may be negative", c.Workers, c.TasksPerWorker)
	case c.Workers == 0:
		c.Workers = runtime.GOMAXPROCS(0)
	}
	if c.Stderr == nil {
		c.Stderr = os.Stderr
	}
	p := &Pool{config: c, idle: make(chan *worker, c.Workers)}
	p.ctx, p.close = context.WithCancel(context.Background())
	starts, starting := errgroup.WithContext(ctx)
	for range c.Workers {
		starts.Go(func() error {
			w, err := p.hire(starting)
			p.idle <- w
			return err
		})
	}
	if err := starts.Wait(); err != nil {
		p.Close()
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { p.Close() })
	context.AfterFunc(p.ctx, func() { stop() })
	return p, nil
}

// Close ends the pool: Pool.terminate. It kills the workers, idle or busy, with
// all that their tasks have started, and returns when they have ended. Calls in
// flight return ErrClosed. The error is always nil.
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

// lend waits for a worker, or hires one, and lets talk use it for so many
// tasks. If limit is not 0, talk may take no longer.
func (p *Pool) lend(ctx context.Context, tasks int, limit time.Duration, talk func(*worker) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(p.ctx, func() { cancel(ErrClosed) })()
	if ctx.Err() != nil {
		return ended(ctx)
	}
	var w *worker
	select {
	case <-ctx.Done():
		return ended(ctx)
	case w = <-p.idle:
	}
	defer func() { p.idle <- w }()
	if w != nil && p.config.TasksPerWorker > 0 && w.tasks+tasks > p.config.TasksPerWorker {
		w.end()
		w = nil
	}
	if w == nil {
		var err error
		if w, err = p.hire(ctx); err != nil {
			return err
		}
	}
	w.tasks += tasks
	before := w.cpu
	err := w.use(ctx, limit, talk)
	p.cpu.Add(int64(w.cpu - before))
	if w.gone {
		w = nil
	}
	return err
}
