package procpool

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A Task is a function that workers run. In and Out are what encoding/gob can
// encode: of a struct only the exported fields, and no functions or channels. A
// []byte that is the only value of its message travels as it is.
type Task[In, Out any] struct {
	name  string
	run   func(In) (Out, error)
	in    packer[In]
	out   packer[Out]
	runs  int
	limit time.Duration
}

// tasks tells what a worker does with a call, by the name of its task.
var tasks = map[string]func(*wire, message, *message) (results parcel){}

// Define returns the task of that name. It belongs at package level: so the
// workers, which are the same program, define the same tasks. It panics if the
// name is taken. In multiprocessing a task is any function that can be
// imported; its name is pickled.
func Define[In, Out any](name string, run func(In) (Out, error)) *Task[In, Out] {
	if tasks[name] != nil {
		panic(fmt.Sprintf("procpool: task %q is defined twice", name))
	}
	t := &Task[In, Out]{name: name, run: run, in: newPacker[In](), out: newPacker[Out](), runs: tries}
	tasks[name] = t.serve
	return t
}

// tries is how often a task may run, unless Runs says so.
const tries = 3

// Runs returns the same task, but one that runs n times at most: it runs again
// only if its worker dies before the result has come. What must not happen twice
// runs once; if its worker dies, nobody knows whether it did, and the error is a
// [WorkerError]. It panics if n is less than one. In Python, a Pool's task runs
// once, and its caller never hears of it again.
func (t *Task[In, Out]) Runs(n int) *Task[In, Out] {
	if n < 1 {
		panic(fmt.Sprintf("procpool: task %q is to run %d times: it takes at least one", t.name, n))
	}
	same := *t
	same.runs = n
	return &same
}

// Within returns the same task, but one whose worker is killed if a run takes
// longer than limit. The error is context.DeadlineExceeded, too; the task does
// not run again. A limit of 0 or less is none. In Python a timeout ends the
// waiting, and the worker goes on.
func (t *Task[In, Out]) Within(limit time.Duration) *Task[In, Out] {
	same := *t
	same.limit = limit
	return &same
}

// A limitError tells that a run took too long.
type limitError struct{ limit time.Duration }

func (e *limitError) Error() string { return fmt.Sprintf("it ran for longer than %v", e.limit) }

// Call runs the task in a worker, as soon as one is free, and returns its
// result: Pool.apply. If the task fails, the error is a *[TaskError]; if its
// workers die, a *[WorkerError], at the third. When ctx ends, Call returns its
// cause at once, which is ctx.Err() as well; if a worker is busy with the task,
// it is killed.
func (t *Task[In, Out]) Call(ctx context.Context, p *Pool, in In) (Out, error) {
	var out [1]Out
	if err := t.settle(ctx, p, []In{in}, out[:]); err != nil {
		if blame, ok := err.(*blame); ok {
			err = blame.error
		}
		return *new(Out), fmt.Errorf("procpool: task %q: %w", t.name, err)
	}
	return out[0], nil
}

// A span is some values of a call that have run as often.
type span struct{ from, to, runs int }

// settle runs the task on each value until its result has come, or it has had
// its runs. An error that one value is to blame for is a *blame.
//
// If a worker dies, the results that have come are kept. Of the other tasks that
// it had begun, the last is the one that it died of, most likely: that one goes
// by itself from now on, those before it and those after it together. A task
// that it had not begun has not run. What has run in vain is sent soon the next
// time, so that another death hardly costs it another run.
func (t *Task[In, Out]) settle(ctx context.Context, p *Pool, ins []In, outs []Out) error {
	spans := append(make([]span, 0, 4), span{to: len(ins)}) // the last one is next
	again := func(s span) {
		if s.from < s.to {
			spans = append(spans, s)
		}
	}
	for vain := 0; len(spans) > 0; {
		s := spans[len(spans)-1]
		spans = spans[:len(spans)-1]
		sent, done, begun, err := t.exchange(ctx, p, ins[s.from:s.to], outs[s.from:s.to], s.runs > 0)
		if done > 0 {
			vain = 0
		}
		switch err := err.(type) {
		case nil:
			again(span{s.from + sent, s.to, s.runs})
		case *blame:
			err.place += s.from
			return err
		case *WorkerError:
			rest, suspect := s.from+done, s.from+begun-1
			if begun <= done { // nothing is lost
				if vain++; vain > hires {
					return err
				}
				again(span{rest, s.to, s.runs})
				continue
			}
			if s.runs+1 >= t.runs {
				return &blame{suspect, err}
			}
			again(span{suspect + 1, s.to, s.runs})
			again(span{suspect, suspect + 1, s.runs + 1})
			again(span{rest, suspect, s.runs + 1})
		default:
			return err
		}
	}
	return nil
}

// exchange sends the first of the values to a worker, as many as fit, and
// receives the results. If the worker dies, done of them have come, and it had
// begun so many tasks.
func (t *Task[In, Out]) exchange(ctx context.Context, p *Pool, ins []In, outs []Out, eager bool) (sent, done, begun int, err error) {
	parcel, err := t.in.pack(ins)
	if err != nil {
		return 0, 0, 0, &blame{0, fmt.Errorf("encode its input: %w", err)}
	}
	var used *worker
	var before uint64
	err = p.lend(ctx, parcel.count, t.limit, func(w *worker) error {
		used, before = w, w.begins()
		if err := w.pack(message{kind: call, text: t.name, eager: eager}, parcel); err != nil {
			return &blame{0, fmt.Errorf("encode its input: %w", err)}
		}
		err := w.ask()
		for kind := partly; err == nil && kind == partly; {
			var m message
			if m, err = w.hear(); err != nil {
				break
			}
			switch kind = m.kind; kind {
			case failed:
				return &blame{m.place, &TaskError{m.text, string(m.raw)}}
			case refused: // unread, perhaps: what its values described is not known there
				w.encoder = nil
				return &blame{m.place, errors.New(m.text)}
			}
			err = unpack(w.wire, m, func() {}, func(some []Out) bool {
				done += copy(outs[done:parcel.count], some)
				return true
			})
			if err != nil {
				w.gone = true
				return &blame{done, fmt.Errorf("decode its result: %w", err)}
			}
		}
		if err == nil && done != parcel.count {
			w.gone = true
			err = fmt.Errorf("%d results came of %d tasks", done, parcel.count)
		}
		return err
	})
	switch err := err.(type) {
	case *WorkerError:
		begun = int(used.begins() - before)
	case *limitError:
		return 0, 0, 0, &blame{0, fmt.Errorf("%w: %w", err, context.DeadlineExceeded)}
	}
	return parcel.count, done, begun, err
}
