package procpool

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"concurrency-notebook/internal/measure"
)

// marker is what a worker's arguments begin with. (What is in an environment,
// a program can lose, and would then start workers of workers of workers.)
const marker = "procpool-worker"

var (
	isWorker   bool
	served     atomic.Bool // Serve was called, and this is no worker
	inherited  *inheritance
	inheritErr error
)

// What a worker has from its pool it takes over before the packages that use
// this one are initialised: so nothing that they start gets it.
func init() {
	if isWorker = len(os.Args) > 1 && os.Args[1] == marker; isWorker {
		inherited, inheritErr = inherit(os.Args[2:])
		os.Args = os.Args[:1]
	}
}

// Serve is the first line of main, and of TestMain in tests that use a pool.
// In a process that a pool has started it prepares the process, answers calls
// and never returns; in any other it does nothing. It takes the place of
// if __name__ == "__main__", which spawn asks for, and prepare that of
// multiprocessing's initializer: if one returns an error, the worker cannot be
// used, and New or the call that needs it returns that text.
//
// A worker runs one task at a time, on one CPU: GOMAXPROCS is 1, but for Windows,
// where the wait for the next call takes a second one. When the
// process of its pool ends, however it ends, so does the worker, even in the
// middle of a task, with what its tasks have started. To a task, standard input
// is empty, and what it prints goes to standard error, as what any package
// prints that was initialised before.
func Serve(prepare ...func() error) {
	if !isWorker {
		served.Store(true)
		return
	}
	check(inheritErr)
	// A goroutine that waits for a call must not hold the only CPU that a task
	// has. On Windows it does: there it gets one of its own.
	if runtime.GOMAXPROCS(1); runtime.GOOS == "windows" {
		runtime.GOMAXPROCS(2)
	}
	in, err := patient(inherited.calls)
	check(err)
	wire := newWire(in, inherited.answers)
	hello := message{kind: answered, text: identity}
	for _, prepare := range prepare {
		if err := prepare(); err != nil {
			hello = message{kind: refused, text: "prepare a worker: " + err.Error()}
			break
		}
	}
	check(reply(wire, hello, parcel{}))
	listen(wire)
	select {}
}

func listen(w *wire) {
	m, err := w.receive()
	if err == io.EOF {
		endFamily()
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
	var results parcel
	defer func() {
		if v := recover(); v != nil {
			answer = message{kind: failed, text: fmt.Sprint(v), raw: debug.Stack(), place: answer.place}
		}
		if err := reply(w, answer, results); err != nil {
			check(reply(w, message{kind: refused, text: err.Error()}, parcel{}))
		}
	}()
	if run := tasks[m.text]; run != nil {
		results = run(w, m, &answer)
	} else {
		answer.text = "the worker knows no such task: procpool.Define belongs at package level"
	}
}

// reply sends an answer, unless there is an error.
func reply(w *wire, answer message, results parcel) error {
	answer.cpu = measure.CPUTime()
	if err := w.pack(answer, results); err != nil {
		return fmt.Errorf("encode its result: %w", err)
	}
	check(w.send())
	return nil
}

func check(err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "procpool: %v\n", err)
		os.Exit(2)
	}
}

// serve runs the task on the values of a call, and sends results on the way
// when they are enough. It returns the last of them, and notes in the answer how
// far it came.
func (t *Task[In, Out]) serve(w *wire, m message, answer *message) (last parcel) {
	s := shipper[Out]{wire: w, packer: t.out, answer: answer, every: long, stride: 1, left: 1}
	if m.eager {
		s.every = soon
	}
	if s.outs = make([]Out, 0, min(m.count, t.out.many())); m.count > 1 {
		s.looked, s.sent = time.Now(), time.Now()
	}
	begun := inherited.begun // which only this goroutine changes
	err := unpack(w, m, func() { *begun++ }, func(ins []In) bool {
		for i, in := range ins {
			if i > 0 {
				*begun++
			}
			out, err := t.run(in)
			if err != nil {
				*answer = message{kind: failed, text: err.Error(), place: answer.place}
				return false
			}
			answer.place++
			s.outs = append(s.outs, out)
			if s.size += t.out.fixed; t.out.fixed == 0 {
				s.size += t.out.size(&s.outs[len(s.outs)-1])
			}
			if answer.place < m.count && s.due() && !s.ship() {
				return false
			}
		}
		return true
	})
	switch {
	case err != nil:
		answer.text = "decode its input: " + err.Error()
	case answer.kind == refused && answer.place == m.count:
		return s.last()
	}
	return parcel{}
}

// A shipper sends the results of a call in several frames, if they are large, or
// long in coming: what has arrived need not be computed again if the worker
// dies.
type shipper[Out any] struct {
	wire   *wire
	packer packer[Out]
	answer *message
	outs   []Out
	size   int // of those in bytes, as far as it is known

	every        time.Duration // results are sent, at least
	sent, looked time.Time
	stride, left int // look at the clock after so many results; and after so many from now
}

const (
	long  = 2 * time.Millisecond  // so much work may be lost with a worker
	soon  = 50 * time.Microsecond // and so much of what was lost once
	rarer = 256                   // results between two looks at the clock
)

// due tells whether the results so far are to be sent.
func (s *shipper[Out]) due() bool {
	s.left--
	return s.size >= enough || s.left == 0 && s.late()
}

func (s *shipper[Out]) late() bool {
	now := time.Now()
	if s.stride = min(2*s.stride, rarer); now.Sub(s.looked) > s.every/8 {
		s.stride = 1
	}
	s.looked, s.left = now, s.stride
	return now.Sub(s.sent) >= s.every
}

// ship sends the results so far. If one cannot be encoded, it notes that in the
// answer, and returns false.
func (s *shipper[Out]) ship() bool {
	for len(s.outs) > 0 {
		some, err := s.pack()
		if err == nil {
			err = reply(s.wire, message{kind: partly}, some)
		}
		if err != nil {
			return s.refuse(err)
		}
		s.outs = s.outs[some.count:]
	}
	s.size, s.sent = 0, time.Now()
	return true
}

// last sends all results but those of the last frame, which it returns.
func (s *shipper[Out]) last() parcel {
	some, err := s.pack()
	for err == nil && some.count < len(s.outs) {
		if err = reply(s.wire, message{kind: partly}, some); err == nil {
			s.outs = s.outs[some.count:]
			some, err = s.pack()
		}
	}
	if err != nil {
		s.refuse(err)
		return parcel{}
	}
	*s.answer = message{kind: answered}
	return some
}

func (s *shipper[Out]) pack() (parcel, error) {
	some, err := s.packer.pack(s.outs)
	if err != nil {
		err = fmt.Errorf("encode its result: %w", err)
	}
	return some, err
}

// refuse notes that the first of the results cannot be sent.
func (s *shipper[Out]) refuse(err error) bool {
	s.answer.text, s.answer.place = err.Error(), s.answer.place-len(s.outs)
	return false
}
