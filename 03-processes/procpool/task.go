package procpool

import (
	"context"
	"errors"
	"fmt"
)

// A Task is a function that workers run. In and Out are what encoding/gob can
// encode: of a struct only the exported fields, and no functions or channels. A
// []byte that is the only value of its message travels as it is.
type Task[In, Out any] struct {
	name string
	run  func(In) (Out, error)
}

// tasks tells what a worker does with a call, by the name of its task.
var tasks = map[string]func(*wire, message, *message) (results any){}

// Define returns the task of that name. It belongs at package level: so the
// workers, which are the same program, define the same tasks. It panics if the
// name is taken. In multiprocessing a task is any function that can be
// imported; its name is pickled.
func Define[In, Out any](name string, run func(In) (Out, error)) *Task[In, Out] {
	if tasks[name] != nil {
		panic(fmt.Sprintf("procpool: task %q is defined twice", name))
	}
	t := &Task[In, Out]{name, run}
	tasks[name] = t.serve
	return t
}

// A TaskError tells that a task returned an error or panicked. Of the error
// only the text has come from the worker: errors.Is does not know it. In
// multiprocessing the exception is pickled, with its traceback as text.
type TaskError struct {
	Message string // text of the error, or of the value that the task panicked with
	Stack   string // the worker's, if the task panicked

	place int // of the value, among those of its call
}

// Error returns the message and, after a panic, the worker's stack.
func (e *TaskError) Error() string {
	if e.Stack == "" {
		return e.Message
	}
	return "panic: " + e.Message + "\n\n" + e.Stack
}

// tries is how many workers a task gets.
const tries = 3

// Call runs the task in a worker, as soon as one is free, and returns its
// result: Pool.apply. If the task fails, the error is a *TaskError; if its
// workers die, it is ErrWorkerDied, at the third. When ctx ends, Call returns
// its cause at once; if a worker is busy with the task, it is killed.
func (t *Task[In, Out]) Call(ctx context.Context, p *Pool, in In) (Out, error) {
	var out [1]Out
	if err := t.exchange(ctx, p, tries, []In{in}, out[:]); err != nil {
		return out[0], fmt.Errorf("procpool: task %q: %w", t.name, err)
	}
	return out[0], nil
}

// chunk runs the task on some values; if it fails, it tells on which. If a
// worker dies, or does not answer for another reason, they go one by one.
func (t *Task[In, Out]) chunk(ctx context.Context, p *Pool, ins []In, outs []Out) (place int, err error) {
	err = t.exchange(ctx, p, 1, ins, outs)
	if own, ok := errors.AsType[*TaskError](err); ok {
		return own.place, err
	}
	if err == nil {
		return 0, nil
	}
	for i := range ins {
		if err := t.exchange(ctx, p, tries-1, ins[i:i+1], outs[i:i+1]); err != nil {
			return i, err
		}
	}
	return 0, nil
}

// exchange sends values to a worker and receives the results. If it dies, they
// go to a new one, until so many have been tried.
func (t *Task[In, Out]) exchange(ctx context.Context, p *Pool, tries int, ins []In, outs []Out) error {
	return p.lend(ctx, tries, func(w *worker) error {
		if err := w.pack(message{kind: call, text: t.name}, ins); err != nil {
			return fmt.Errorf("encode its input: %w", err)
		}
		answer, err := w.ask()
		if err != nil {
			return err
		}
		switch answer.kind {
		case failed:
			return &TaskError{answer.text, string(answer.raw), answer.place}
		case refused:
			return errors.New(answer.text)
		}
		results, err := unpack[Out](w.wire, answer)
		if err != nil {
			return fmt.Errorf("decode its result: %w", err)
		}
		copy(outs, results)
		return nil
	})
}
