package procpool

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"
)

// A worker is a worker process, as its pool sees it.
type worker struct {
	*wire
	process *exec.Cmd
	cpu     time.Duration // that it has spent, as of its last answer
	end     func()        // kills it and waits until it has ended
}

const (
	handshake = 30 * time.Second // for a worker to say hello
	hint      = "is procpool.Serve() the first line of main, and of TestMain?"
)

// start starts this program again and waits until it says hello.
func start(ctx context.Context) (*worker, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the program to start: %w", err)
	}
	process := exec.Command(exe)
	process.Env, process.Stderr = append(os.Environ(), marker+"=1"), os.Stderr
	in, inErr := process.StdinPipe()
	out, outErr := process.StdoutPipe()
	if err := cmp.Or(inErr, outErr); err != nil {
		return nil, fmt.Errorf("make pipes for a worker: %w", err)
	}
	widen(in.(*os.File))
	widen(out.(*os.File))
	if err := process.Start(); err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	answers, err := patient(out.(*os.File))
	if err != nil {
		process.Process.Kill()
		process.Wait()
		return nil, fmt.Errorf("copy a pipe of a worker: %w", err)
	}
	w := &worker{wire: newWire(answers, in), process: process}
	w.end = sync.OnceFunc(func() {
		process.Process.Kill()
		in.Close()
		answers.Close()
		process.Wait()
	})
	ctx, cancel := context.WithTimeoutCause(ctx, handshake, fmt.Errorf("no hello came within %v: %s", handshake, hint))
	defer cancel()
	w, err = w.use(ctx, func(w *worker) error { return w.hear(new(message)) })
	if errors.Is(err, ErrWorkerDied) {
		err = fmt.Errorf("%w before it said hello: %s", err, hint)
	}
	return w, err
}

// use lets talk use the worker, and returns it if it can be used again. After
// an error that is not the task's own it cannot: nobody knows what is in its
// pipes.
func (w *worker) use(ctx context.Context, talk func(*worker) error) (*worker, error) {
	stop := context.AfterFunc(ctx, w.end)
	err := talk(w)
	inTime := stop()
	if _, own := errors.AsType[*TaskError](err); inTime && (own || err == nil) {
		return w, err
	}
	w.end()
	if !inTime {
		return nil, context.Cause(ctx)
	}
	if errors.Is(err, ErrWorkerDied) {
		err = fmt.Errorf("%w (%v)", err, w.process.ProcessState)
	}
	return nil, err
}

// ask sends the call that is packed and waits for its answer.
func (w *worker) ask() (answer message, err error) {
	if err := w.send(); err != nil {
		return answer, fmt.Errorf("%w: %w", ErrWorkerDied, err)
	}
	return answer, w.hear(&answer)
}

func (w *worker) hear(m *message) (err error) {
	if *m, err = w.receive(); err != nil {
		return fmt.Errorf("%w: %w", ErrWorkerDied, err)
	}
	w.cpu = m.cpu
	return nil
}
