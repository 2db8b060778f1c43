package procpool

import (
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
	*tie
	process *exec.Cmd
	voice   *voice
	tasks   int           // that it was given
	cpu     time.Duration // that it has spent, as of its last answer
	gone    bool          // it cannot be used again
	end     func()        // kills it, and what its tasks have started, and waits until it has ended
}

const (
	handshake = 30 * time.Second // for a worker to say hello
	hires     = 10               // in place of one that was killed before it said hello
	farewell  = 100 * time.Millisecond
	hint      = "is procpool.Serve() the first line of main, and of TestMain?"
)

// hire starts a worker, and another one if that is killed before it has said
// hello.
func (p *Pool) hire(ctx context.Context) (w *worker, err error) {
	for range hires {
		w, err = p.startWorker(ctx)
		if died, ok := errors.AsType[*WorkerError](err); !ok || died.State.Exited() || died.cause != nil {
			break
		}
	}
	return w, err
}

// startWorker starts this program again and waits until it says hello.
func (p *Pool) startWorker(ctx context.Context) (*worker, error) {
	w, err := p.launch()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, handshake, fmt.Errorf("no hello came within %v: %s", handshake, hint))
	defer cancel()
	err = w.use(ctx, 0, func(w *worker) error {
		hello, err := w.hear()
		switch {
		case err == nil && hello.kind != answered:
			err = errors.New(hello.text)
		case err == nil && hello.text != identity:
			err = errors.New("the program's file has been replaced since the program was started: start it anew")
		}
		return err
	})
	if err == nil {
		return w, nil
	}
	w.end()
	if errors.Is(err, ErrWorkerDied) {
		err = fmt.Errorf("no hello came (%s): %w", hint, err)
	}
	return nil, err
}

// launch starts this program again, with pipes and a tie to its pool.
func (p *Pool) launch() (w *worker, err error) {
	path, err := thisProgram()
	if err != nil {
		return nil, fmt.Errorf("find the program to start: %w", err)
	}
	calls, answers, printed := &pipe{}, &pipe{}, &pipe{}
	tie := &tie{}
	defer func() { // their ends, and if the worker has not started, ours
		calls.r.Close()
		answers.w.Close()
		printed.w.Close()
		if err != nil {
			calls.w.Close()
			answers.r.Close()
			printed.r.Close()
			tie.close()
		}
	}()
	for _, open := range []func() error{calls.open, answers.open, printed.open, tie.open} {
		if err := open(); err != nil {
			return nil, fmt.Errorf("make the pipes of a worker: %w", err)
		}
	}
	widen(calls.w)
	widen(answers.r)
	theirAnswers, err := patient(answers.r)
	if err != nil {
		return nil, fmt.Errorf("copy a pipe of a worker: %w", err)
	}
	// Its standard input is empty, and its output goes where its errors go.
	process := &exec.Cmd{Path: path, Env: p.config.Env, Stdout: printed.w, Stderr: printed.w}
	process.Args = append([]string{os.Args[0], marker}, tie.handOver(process, calls.r, answers.w)...)
	err = process.Start()
	tie.handedOver()
	if err != nil {
		theirAnswers.Close()
		return nil, fmt.Errorf("start a worker: %w", err)
	}

	w = &worker{wire: newWire(theirAnswers, calls.w), tie: tie, process: process, voice: p.voice(process.Process.Pid)}
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		w.voice.speak(printed.r)
	}()
	w.end = sync.OnceFunc(func() {
		tie.cut(process.Process)
		calls.w.Close()
		theirAnswers.Close()
		process.Wait()
		tie.close()
		select {
		case <-heard:
		case <-time.After(farewell): // a process that got away still has the pipe
		}
		printed.r.Close()
	})
	return w, nil
}

type pipe struct{ r, w *os.File }

func (p *pipe) open() (err error) {
	p.r, p.w, err = os.Pipe()
	return err
}

// use lets talk use the worker, for limit at most if that is not 0. Afterwards
// the worker is gone if nobody knows what is in its pipes.
func (w *worker) use(ctx context.Context, limit time.Duration, talk func(*worker) error) error {
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, limit, &limitError{limit})
		defer cancel()
	}
	stop := context.AfterFunc(ctx, w.end)
	err := talk(w)
	if !stop() {
		w.end()
		w.gone = true
		if late, ok := context.Cause(ctx).(*limitError); ok {
			return late
		}
		return ended(ctx)
	}
	if w.gone {
		w.end()
		if _, ok := err.(*blame); ok {
			return err
		}
		if isEnd(err) {
			err = nil
		}
		err = &WorkerError{w.process.Process.Pid, w.process.ProcessState, w.voice.last(), err}
	}
	return err
}

// ask sends the frame that is packed.
func (w *worker) ask() error {
	err := w.send()
	w.gone = err != nil
	return err
}

// hear receives a message.
func (w *worker) hear() (m message, err error) {
	if m, err = w.receive(); err != nil {
		w.gone = true
		return m, err
	}
	w.cpu = m.cpu
	return m, nil
}
