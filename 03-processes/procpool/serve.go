package procpool

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"

	"concurrency-notebook/internal/measure"
)

const (
	marker  = "PROCPOOL_WORKER"
	version = "procpool 1"
)

var isWorker bool

// Serve makes
func Serve() {
	if os.Getenv(marker) == "" {
		return
	}
	os.Unsetenv(marker)
	isWorker = true
	runtime.GOMAXPROCS(1)
	in, out, err := takeStreams()
	check(err)
	w := newWorker(in, out)
	check(w.write(frame{kind: hello, text: version}))
	calls := make(chan frame)
	go func() {
		for {
			f, err := w.read()
			if errors.Is(err, io.EOF) {
				os.Exit(0)
			}
			check(err)
			calls <- f
			runtime.Gosched()
		}
	}()
	for f := range calls {
		if t, ok := tasks[f.text]; ok {
			f = t.serve(w.codec, f)
		} else {
			f = frame{kind: refused, text: "it is not defined in the worker: call procpool.Define at package level"}
		}
		f.cpu = measure.CPUTime()
		check(w.write(f))
	}
}

func (t Task[In, Out]) serve(c *codec, f frame) (reply frame) {
	reply = frame{kind: refused}
	defer func() {
		if v := recover(); v != nil {
			reply.text, reply.body = fmt.Sprint(v), debug.Stack()
		}
	}()
	ins, err := decode[In](c, f.body, f.count)
	if err != nil {
		reply.text = "decode the input: " + err.Error()
		return reply
	}
	outs := make([]Out, len(ins))
	reply.kind = failed
	for i := range ins {
		reply.count = i
		if outs[i], err = t.run(ins[i]); err != nil {
			reply.text = err.Error()
			return reply
		}
	}
	reply.kind = refused
	body, err := encode(c, outs)
	if err != nil {
		reply.text = "encode the result: " + err.Error()
		return reply
	}
	if len(body) > maxSize {
	}
	return frame{kind: answer, count: len(outs), body: body}
}

func check(err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "procpool: worker %d: %v\n", os.Getpid(), err)
		os.Exit(2)
	}
}
