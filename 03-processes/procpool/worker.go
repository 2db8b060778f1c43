package procpool

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"
)

// A worker is a worker process, as its pool sees it.
type worker struct {
	*wire
	*exec.Cmd
	cpu atomic.Int64 // ns, as of its last answer
	end func()       // kills it and waits until it has ended
}

// handshake is how long a worker may take to say hello.
const handshake = 30 * time.Second

func (p *Pool) start() (*worker, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the program to start: %w", err)
	}
	w := &worker{Cmd: exec.Command(exe)}
	w.Env, w.Stderr = append(os.Environ(), marker+"=1"), os.Stderr
	in, inErr := w.StdinPipe()
	out, outErr := w.StdoutPipe()
	if err := cmp.Or(inErr, outErr); err != nil {
		return nil, fmt.Errorf("make pipes for a worker: %w", err)
	}
	widen(in)
	widen(out)
	if err := w.Start(); err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	w.wire = newWire(out, in)
	w.end = sync.OnceFunc(func() {
		w.Process.Kill()
		in.Close()
		out.Close()
		w.Wait()
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.live, w.Process.Pid)
		if s := w.ProcessState; s != nil {
			p.spent += s.UserTime() + s.SystemTime()
		}
	})
	p.mu.Lock()
	p.live[w.Process.Pid] = w
	p.mu.Unlock()
	if p.ctx.Err() != nil { // Close may have missed it
		w.end()
		return nil, ErrClosed
	}
	late := time.AfterFunc(handshake, w.end)
	defer late.Stop()
	if _, err = w.read(); err != nil { // nothing but hello comes first
		w.end()
		return nil, fmt.Errorf("%w before it said hello: %w (%v): is procpool.Serve() the first line of main, and of TestMain?",
			ErrWorkerDied, err, w.ProcessState)
	}
	return w, nil
}

// ask sends a call and waits for the answer.
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
