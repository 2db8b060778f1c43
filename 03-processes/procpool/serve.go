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
// middle of a task. To a task, standard input is empty, and what it prints goes
// to standard error.
func Serve() {
	if os.Getenv(marker) == "" {
		return
	}
	os.Unsetenv(marker) // a program that a task starts is not a worker
	isWorker = true
	// A goroutine that waits for a call must not hold the only CPU that a task
	// has. On Windows it does: there it gets one of its own.
	if runtime.GOMAXPROCS(1); runtime.GOOS == "windows" {
		runtime.GOMAXPROCS(2)
	}
	in, err := patient(os.Stdin)
	check(err)
	wire := newWire(in, os.Stdout)
	empty, err := os.Open(os.DevNull)
	check(err)
	os.Stdin, os.Stdout = empty, os.Stderr

	reply(wire, message{kind: answered}, nil) // hello
	listen(wire)
	select {}
}

func listen(w *wire) {
	m, err := w.receive()
	if err == io.EOF {
		os.Exit(0)
	}
	check(err)
	go listen(w) // while the task runs, too: this is the lifeline
	work(w, m)
}

var turn sync.Mutex // one task at a time

// work runs the task of a call and sends what came of it.
func work(w *wire, m message) {
	turn.Lock()
	defer turn.Unlock()
	answer := message{kind: refused, text: "it called runtime.Goexit"} // unless it returns
	var results any
	defer func() {
		if v := recover(); v != nil {
			answer = message{kind: failed, text: fmt.Sprint(v), raw: debug.Stack(), place: answer.place}
		}
		reply(w, answer, results)
	}()
	if run := tasks[m.text]; run != nil {
		results = run(w, m, &answer)
	} else {
		answer.text = "the worker knows no such task: procpool.Define belongs at package level"
	}
}

// serve runs the task on the values of a call, and notes in the answer how far
// it came.
func (t *Task[In, Out]) serve(w *wire, m message, answer *message) (results any) {
	ins, err := unpack[In](w, m)
	if err != nil {
		answer.text = "decode its input: " + err.Error()
		return nil
	}
	outs := make([]Out, len(ins))
	for i, in := range ins {
		answer.place = i
		if outs[i], err = t.run(in); err != nil {
			*answer = message{kind: failed, text: err.Error(), place: i}
			return nil
		}
	}
	*answer = message{kind: answered}
	return outs
}

func reply(w *wire, answer message, results any) {
	answer.cpu = measure.CPUTime()
	if err := w.pack(answer, results); err != nil {
		check(w.pack(message{kind: refused, text: "encode its result: " + err.Error()}, nil))
	}
	check(w.send())
}

func check(err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "procpool: worker %d: %v\n", os.Getpid(), err)
		os.Exit(2)
	}
}
