package procpool

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// A Task is a function that workers run. In and Out may be whatever
// encoding/gob can encode; a []byte goes as it is.
type Task[In, Out any] struct {
	name string
	run  func(In) (Out, error)
}

var tasks = map[string]interface{ serve(*codec, frame) frame }{}

// Define returns
func Define[In, Out any](name string, run func(In) (Out, error)) Task[In, Out] {
	if _, taken := tasks[name]; taken {
		panic(fmt.Sprintf("procpool: task %q is defined twice", name))
	}
	t := Task[In, Out]{name, run}
	tasks[name] = t
	return t
}

// A TaskError is
type TaskError struct {
	Task    string // the task's name
	Message string // the text of the error, or of the panic's value
	Stack   string // the stack of the worker, if the task panicked

	place int
}

func (e *TaskError) Error() string {
	if e.Stack == "" {
		return fmt.Sprintf("task %q: %s", e.Task, e.Message)
	}
	return fmt.Sprintf("task %q panicked: %s\n\n%s", e.Task, e.Message, e.Stack)
}

// Call runs
func (t Task[In, Out]) Call(ctx context.Context, p *Pool, in In) (out Out, err error) {
	outs := []Out{out}
	if err := t.exchange(ctx, p, []In{in}, outs, maxTries); err != nil {
		return out, fmt.Errorf("procpool: %w", err)
	}
	return outs[0], nil
}

// Map runs
func (t Task[In, Out]) Map(ctx context.Context, p *Pool, ins []In) ([]Out, error) {
	outs := make([]Out, len(ins))
	c := chunks{lanes: p.Workers(), end: len(ins)}
	var wg sync.WaitGroup
	for range c.lanes {
		wg.Go(func() {
			for i, size := c.take(1); size > 0; i, size = c.take(size) {
				start := time.Now()
				at, err := t.chunk(ctx, p, ins[i:i+size], outs[i:i+size])
				if err != nil {
					c.fail(i+at, err)
				}
				size = resize(size, time.Since(start))
			}
		})
	}
	wg.Wait()
	if c.err != nil {
		return nil, fmt.Errorf("procpool: value %d of %d: %w", c.end, len(ins), c.err)
	}
	return outs, nil
}

// chunk runs the task on some values
func (t Task[In, Out]) chunk(ctx context.Context, p *Pool, ins []In, outs []Out) (int, error) {
	tries := maxTries
	if len(ins) > 1 {
		err := t.exchange(ctx, p, ins, outs, 1)
		if err == nil {
			return 0, nil
		}
		if e, ok := errors.AsType[*TaskError](err); ok {
			return e.place, err
		}
		tries--
	}
	for i := range ins {
		if err := t.exchange(ctx, p, ins[i:i+1], outs[i:i+1], tries); err != nil {
			return i, err
		}
	}
	return 0, nil
}

func (t Task[In, Out]) exchange(ctx context.Context, p *Pool, ins []In, outs []Out, tries int) error {
	err := p.do(ctx, tries, func(w *worker) error {
		body, err := encode(w.codec, ins)
		if err != nil {
			return fmt.Errorf("encode the input: %w", err)
		}
		f, err := w.ask(frame{kind: call, text: t.name, count: len(ins), body: body})
		if err != nil {
			return err
		}
		switch f.kind {
		case answer:
			results, err := decode[Out](w.codec, f.body, len(ins))
			if err != nil {
				return fmt.Errorf("decode the result: %w", err)
			}
			copy(outs, results)
			return nil
		case failed:
			return &TaskError{t.name, f.text, string(f.body), f.count}
		}
		return fmt.Errorf("%s", f.text)
	})
	if _, ok := errors.AsType[*TaskError](err); ok || err == nil {
		return err
	}
	return fmt.Errorf("task %q: %w", t.name, err)
}
