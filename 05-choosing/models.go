package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/04-async/eventloop"
	"concurrency-notebook/internal/workload"
)

// A task computes, or it asks a server, one request after another.
type task struct {
	Primes int // count the primes below it

	Server   string
	Requests int
	Wait     byte // of a request, in milliseconds

	Crash bool // end the process, as the system does when memory is out
}

// run is what each model makes of a task in the end, but one.
func (t task) run(ctx context.Context) (result int, err error) {
	switch {
	case t.Crash:
		return 0, kill()
	case t.Requests == 0:
		return workload.CountPrimes(0, t.Primes), nil
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", t.Server)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	for result < t.Requests {
		if err := ask(c, t.Wait); err != nil {
			return result, err
		}
		result++
	}
	return result, nil
}

// ask makes one request: a byte, which comes back after so many
// milliseconds.
func ask(c net.Conn, wait byte) error {
	message := []byte{wait}
	if _, err := c.Write(message); err != nil {
		return err
	}
	_, err := io.ReadFull(c, message)
	return err
}

// await is run as a coroutine: it computes in the same way, and
// pauses where run waits.
func (t task) await(co *eventloop.Coroutine) (result int, err error) {
	if t.Requests == 0 {
		return t.run(context.Background())
	}
	s, err := eventloop.Dial(co, t.Server)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	for result < t.Requests {
		message := []byte{t.Wait}
		if _, err := s.Write(co, message); err != nil {
			return result, err
		}
		if _, err := s.ReadFull(co, message); err != nil {
			return result, err
		}
		result++
	}
	return result, nil
}

// kill kills this process.
func kill() error {
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	if err := self.Kill(); err != nil {
		return err
	}
	select {}
}

// A model runs tasks, and calls done for each that has its result:
// at once, and from wherever it ran.
type model func(ctx context.Context, tasks []task, done report) error

type report func(i, result int)

// finish runs a task, and says that it is done.
func (t task) finish(ctx context.Context, i int, done report) error {
	result, err := t.run(ctx)
	if err == nil {
		done(i, result)
	}
	return err
}

func oneAfterAnother(ctx context.Context, tasks []task, done report) error {
	for i, t := range tasks {
		if err := t.finish(ctx, i, done); err != nil {
			return err
		}
	}
	return nil
}

func inGoroutines(ctx context.Context, tasks []task, done report) error {
	group, ctx := errgroup.WithContext(ctx)
	for i, t := range tasks {
		group.Go(func() error { return t.finish(ctx, i, done) })
	}
	return group.Wait()
}

func inThreads(ctx context.Context, tasks []task, done report) error {
	group, ctx := errgroup.WithContext(ctx)
	for i, t := range tasks {
		// part: own
		group.Go(func() error {
			// Never unlocked: the thread is the task's own, and
			// ends with it.
			runtime.LockOSThread()
			return t.finish(ctx, i, done)
		})
		// part: end
	}
	return group.Wait()
}

func inEventLoop(ctx context.Context, tasks []task, done report) error {
	return eventloop.Run(ctx, func(co *eventloop.Coroutine) error {
		return eventloop.InGroup(co, func(g *eventloop.Group) error {
			// part: coroutines
			for i, t := range tasks {
				g.Go(func(co *eventloop.Coroutine) error {
					result, err := t.await(co)
					if err == nil {
						done(i, result)
					}
					return err
				})
			}
			// part: end
			return nil
		})
	})
}

var runElsewhere = procpool.Define("run", func(t task) (int, error) {
	return t.run(context.Background())
})

// inProcesses starts so many workers, and ends them again.
func inProcesses(workers int) model {
	return func(ctx context.Context, tasks []task, done report) error {
		// part: workers
		pool, err := procpool.New(workers)
		if err != nil {
			return err
		}
		defer pool.Close()
		var group errgroup.Group // one that fails stops no other
		for i, t := range tasks {
			group.Go(func() error {
				result, err := runElsewhere.Call(ctx, pool, t)
				if err == nil {
					done(i, result)
				}
				return err
			})
		}
		return group.Wait()
		// part: end
	}
}

// goModels returns the models by their names.
func goModels(workers int) map[string]model {
	return map[string]model{
		sequential: oneAfterAnother, threads: inThreads, goroutines: inGoroutines,
		processes: inProcesses(workers), eventLoop: inEventLoop,
	}
}

const (
	sequential = "one after another"
	threads    = "OS threads"
	goroutines = "goroutines"
	processes  = "processes"
	eventLoop  = "event loop"
)

var goNames = []string{sequential, threads, goroutines, processes, eventLoop}

func models(ctx context.Context, w io.Writer) error {
	server, err := startWaiter(1)
	if err != nil {
		return err
	}
	defer server.Close()
	jobs := [][]task{
		make([]task, 4),
		make([]task, 4),
		make([]task, 1000),
	}
	for i := range 4 {
		jobs[0][i] = task{Primes: 1000}
		jobs[1][i] = task{Server: server.Addresses[i], Requests: 3, Wait: 1}
	}
	run := goModels(2)
	for _, name := range goNames {
		fmt.Fprintf(w, "%-18s", name)
		for i, unit := range []string{"primes", "answers", "tasks"} {
			var done, sum atomic.Int64
			err := run[name](ctx, jobs[i], func(_, result int) {
				done.Add(1)
				sum.Add(int64(result))
			})
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "  %4d %s", cmp.Or(sum.Load(), done.Load()), unit)
		}
		fmt.Fprintln(w)
	}
	return nil
}
