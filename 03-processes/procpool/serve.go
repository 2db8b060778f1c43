package procpool

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"sync"

	"concurrency-notebook/internal/measure"
)

const marker = "PROCPOOL_WORKER" // in the environment of a worker

var isWorker bool

// Serve is the first line of main, and of TestMain in tests that use a pool.
// In a process that a pool has started it answers calls and never returns; in
// any other it does nothing. It takes the place of if __name__ == "__main__",
// which spawn asks for.
//
// A worker runs one task at a time, on one CPU: GOMAXPROCS is 1. When the
// process of its pool ends, however it ends, so does the worker, even in the
// middle of a task. Its standard input is empty; what is printed to its
// standard output goes to standard error.
func Serve() {
	if os.Getenv(marker) == "" {
		return
	}
	os.Unsetenv(marker) // a program that a task starts is not a worker
	isWorker = true
	runtime.GOMAXPROCS(procs)
	null, err := os.Open(os.DevNull)
	check(err)
	in, err := aside(os.Stdin, null)
	check(err)
	out, err := aside(os.Stdout, os.Stderr)
	check(err)
	w := newWire(in, out)
	check(w.write(frame{kind: hello}))
	var turn sync.Mutex
	for {
		f, err := w.read() // while a task runs, too: this is the lifeline
		if err == io.EOF {
			os.Exit(0)
		}
		check(err)
		go reply(w, f, &turn)
	}
}

// reply answers a call, in a goroutine of its own.
func reply(w *wire, f frame, turn *sync.Mutex) {
	turn.Lock()
	defer turn.Unlock()
	answer := frame{kind: refused, text: "the worker knows no such task: procpool.Define belongs at package level"}
	defer func() {
		answer.cpu = measure.CPUTime()
		check(w.write(answer))
	}()
	if serve := tasks[f.text]; serve != nil {
		answer.text = "it called runtime.Goexit" // unless it returns
		answer = serve(w, f)
	}
}

// serve runs the task on the values of a call.
func (t *Task[In, Out]) serve(w *wire, f frame) (reply frame) {
	reply.kind = refused
	defer func() {
		if v := recover(); v != nil {
			reply.text, reply.body = fmt.Sprint(v), debug.Stack()
		}
	}()
	ins, err := decode[In](w, f)
	if err != nil {
		reply.text = "decode its input: " + err.Error()
		return reply
	}
	outs := make([]Out, len(ins))
	reply.kind = failed
	for i, in := range ins {
		reply.count = i
		if outs[i], err = t.run(in); err != nil {
			reply.text = err.Error()
			return reply
		}
	}
	reply.kind = refused
	body, err := encode(w, outs)
	if err != nil {
		reply.text = "encode its result: " + err.Error()
		return reply
	}
	return frame{kind: answer, count: len(outs), body: body}
}

func check(err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "procpool: worker %d: %v\n", os.Getpid(), err)
		os.Exit(2)
	}
}
