package main

import (
	"context"
	"io"
	"net"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/04-async/eventloop"
	"concurrency-notebook/internal/workload"
)

// A task computes, or asks a server, one request after another.
type task struct {
	Primes int // count the primes below it

	Server   string
	Requests int
	Wait     byte // of a request, in milliseconds

	// Unless it's 0: a time in Unix microseconds. The result is how many have
	// passed since then, which even a 32-bit int can hold.
	Since int64
}

func (t task) run(ctx context.Context) (result int, err error) {
	if t.Requests == 0 {
		return t.result(workload.CountPrimes(0, t.Primes)), nil
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", t.Server)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	for range t.Requests {
		if err := ask(c, t.Wait); err != nil {
			return 0, err
		}
	}
	return t.result(t.Requests), nil
}

func (t task) result(n int) int {
	if t.Since > 0 {
		return int(time.Now().UnixMicro() - t.Since)
	}
	return n
}

// ask makes one request: a byte, which comes back after so many milliseconds.
func ask(c net.Conn, wait byte) error {
	message := []byte{wait}
	if _, err := c.Write(message); err != nil {
		return err
	}
	_, err := io.ReadFull(c, message)
	return err
}

// await is run as a coroutine: it computes in the same way, and pauses where run
// waits.
func (t task) await(co *eventloop.Coroutine) (result int, err error) {
	if t.Requests == 0 {
		return t.run(context.Background())
	}
	s, err := eventloop.Dial(co, t.Server)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	for range t.Requests {
		message := []byte{t.Wait}
		if _, err := s.Write(co, message); err != nil {
			return 0, err
		}
		if _, err := s.ReadFull(co, message); err != nil {
			return 0, err
		}
	}
	return t.result(t.Requests), nil
}

var runElsewhere = procpool.Define("run", func(t task) (int, error) {
	return t.run(context.Background())
})

// A model does tasks in a way of its own, and returns their results.
type model func(ctx context.Context, tasks []task) ([]int, error)

func oneAfterAnother(ctx context.Context, tasks []task) ([]int, error) {
	results := make([]int, len(tasks))
	for i, t := range tasks {
		var err error
		if results[i], err = t.run(ctx); err != nil {
			return nil, err
		}
	}
	return results, nil
}

func inThreads(ctx context.Context, tasks []task) ([]int, error) {
	results := make([]int, len(tasks))
	group, ctx := errgroup.WithContext(ctx)
	for i, t := range tasks {
		group.Go(func() (err error) {
			runtime.LockOSThread() // never unlocked: the thread ends with its task
			results[i], err = t.run(ctx)
			return err
		})
	}
	return results, group.Wait()
}

// goModels returns the models by their names. Processes are those of the pool;
// without one, so many are started for the tasks.
func goModels(pool *procpool.Pool, workers int) map[string]model {
	return map[string]model{
		sequential: oneAfterAnother, threads: inThreads, goroutines: inGoroutines, eventLoop: inEventLoop,
		processes: func(ctx context.Context, tasks []task) ([]int, error) {
			if pool != nil {
				return runElsewhere.Map(ctx, pool, tasks)
			}
			started, err := procpool.New(workers)
			if err != nil {
				return nil, err
			}
			defer started.Close()
			return runElsewhere.Map(ctx, started, tasks)
		},
	}
}

// The models of Go, and of Python. The optional ones run where there is
// what they need.
const (
	sequential = "one after another"
	threads    = "OS threads"
	goroutines = "goroutines"
	processes  = "processes"
	eventLoop  = "event loop"

	threadPool      = "ThreadPoolExecutor"
	processPool     = "ProcessPoolExecutor"
	asyncio         = "asyncio"
	uvloop          = "asyncio on uvloop"
	interpreterPool = "InterpreterPoolExecutor"
	freeThreads     = "threads without a GIL"
)

var (
	goNames       = []string{sequential, goroutines, threads, processes, eventLoop}
	pythonNames   = []string{sequential, threadPool, processPool, asyncio}
	optionalNames = []string{uvloop, interpreterPool, freeThreads}
)
