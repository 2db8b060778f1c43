// Package procpool runs tasks in a pool of worker processes, and survives them.
package procpool

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"
)

// ErrClosed is
var ErrClosed = errors.New("the pool is closed")

// ErrWorkerDied is
var ErrWorkerDied = errors.New("its worker died")

const maxTries = 3

// A Pool is
type Pool struct {
	free    chan struct{}
	closing chan struct{}
	reaping sync.WaitGroup

	mu    sync.Mutex
	idle  []*worker
	live  map[*worker]bool
	spent time.Duration
}

// New starts
func New(workers int) (*Pool, error) {
	if isWorker || os.Getenv(marker) != "" {
		return nil, errors.New("procpool: start a pool: this process is a worker, which has none of its own; procpool.Serve must be the first line of main, and of TestMain")
	}
	if workers < 1 {
		return nil, fmt.Errorf("procpool: start a pool of %d workers: it takes one at least", workers)
	}
	p := &Pool{free: make(chan struct{}, workers), closing: make(chan struct{}), live: make(map[*worker]bool)}
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() {
			var w *worker
			w, errs[i] = p.start()
			p.release(w)
		})
	}
	wg.Wait()
	if err := cmp.Or(errs...); err != nil {
		p.Close()
		return nil, fmt.Errorf("procpool: %w", err)
	}
	return p, nil
}

func (p *Pool) release(w *worker) {
	if w != nil {
		p.mu.Lock()
		p.idle = append(p.idle, w)
		p.mu.Unlock()
	}
	p.free <- struct{}{}
}

// acquire waits for its turn and returns the worker that was used last
func (p *Pool) acquire(ctx context.Context) (w *worker, err error) {
	if err := p.over(ctx); err != nil {
		return nil, err
	}
	select {
	case <-p.free:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-p.closing:
		return nil, ErrClosed
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.idle); n > 0 {
		w, p.idle = p.idle[n-1], p.idle[:n-1]
	}
	return w, nil
}

func (p *Pool) over(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-p.closing:
		return ErrClosed
	default:
		return nil
	}
}

func (p *Pool) do(ctx context.Context, tries int, talk func(*worker) error) error {
	w, err := p.acquire(ctx)
	if err != nil {
		return err
	}
	defer func() { p.release(w) }()
	for try := 1; ; try++ {
		if w == nil {
			if w, err = p.start(); err != nil {
				return err
			}
		}
		stop := context.AfterFunc(ctx, w.kill)
		err = talk(w)
		_, isTask := errors.AsType[*TaskError](err)
		if stop() && (err == nil || isTask) {
			return err
		}
		lost := w
		w = nil
		lost.kill()
		if ctx.Err() != nil {
			p.reaping.Go(func() { p.reap(lost) })
			return context.Cause(ctx)
		}
		end := p.reap(lost)
		if over := p.over(ctx); over != nil {
			return over
		}
		if !errors.Is(err, ErrWorkerDied) || try == tries {
			return fmt.Errorf("%w (%s), at try %d of %d", err, end, try, maxTries)
		}
	}
}

// Close ends the pool
func (p *Pool) Close() error {
	p.mu.Lock()
	closed := p.over(context.Background()) != nil
	if !closed {
		close(p.closing)
	}
	for w := range p.live {
		w.kill()
	}
	p.mu.Unlock()
	if closed {
		return nil
	}
	for range cap(p.free) {
		<-p.free
	}
	p.reaping.Wait()
	for w := range p.live {
		p.reap(w)
	}
	return nil
}

// Workers returns the size of the pool.
func (p *Pool) Workers() int { return cap(p.free) }

// PIDs returns the process ids.
func (p *Pool) PIDs() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	var pids []int
	for w := range p.live {
		pids = append(pids, w.process.Pid)
	}
	slices.Sort(pids)
	return pids
}

// CPUTime returns
func (p *Pool) CPUTime() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	sum := p.spent
	for w := range p.live {
		sum += time.Duration(w.cpu.Load())
	}
	return sum
}
