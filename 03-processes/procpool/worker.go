package procpool

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

const handshake = 30 * time.Second

type worker struct {
	wire
	codec         *codec
	process       *os.Process
	stdin, stdout *os.File
	cpu           atomic.Int64
}

func newWorker(in, out *os.File) *worker {
	return &worker{wire: wire{r: bufio.NewReader(in), w: out}, codec: newCodec(), stdin: out, stdout: in}
}

func (p *Pool) start() (*worker, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	stdin, ours, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer stdin.Close()
	theirs, stdout, err := os.Pipe()
	if err != nil {
		ours.Close()
		return nil, err
	}
	defer stdout.Close()
	widen(ours)
	widen(theirs)
	w := newWorker(theirs, ours)
	w.process, err = os.StartProcess(exe, []string{exe}, &os.ProcAttr{Env: append(os.Environ(), marker+"=1"), Files: []*os.File{stdin, stdout, os.Stderr}})
	if err != nil {
		ours.Close()
		theirs.Close()
		return nil, err
	}
	p.mu.Lock()
	p.live[w] = true
	if p.over(context.Background()) != nil {
		w.kill()
	}
	p.mu.Unlock()

	late := time.AfterFunc(handshake, w.kill)
	f, err := w.read()
	late.Stop()
	if err == nil && (f.kind != hello || f.text != version) {
		err = fmt.Errorf("frame of kind %d from %q", f.kind, f.text)
	}
	if err != nil {
		w.kill()
		return nil, fmt.Errorf("it did not say hello: %w: is procpool.Serve() the first line of its main, and of TestMain? %s", err, p.reap(w))
	}
	return w, nil
}

func (w *worker) ask(f frame) (frame, error) {
	err := w.write(f)
	if err == nil {
		f, err = w.read()
	}
	if err != nil {
		return f, fmt.Errorf("%w: %w", ErrWorkerDied, err)
	}
	w.cpu.Store(int64(f.cpu))
	return f, nil
}

func (w *worker) kill() {
	w.process.Kill()
	w.stdin.Close()
	w.stdout.Close()
}

func (p *Pool) reap(w *worker) string {
	state, err := w.process.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.live, w)
	if err != nil {
		p.spent += time.Duration(w.cpu.Load())
		return err.Error()
	}
	p.spent += state.UserTime() + state.SystemTime()
	return state.String()
}
