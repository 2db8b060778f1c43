package procpool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrClosed is the error of a call to a pool that was closed before it or
// meanwhile. In multiprocessing: ValueError, Pool not running.
var ErrClosed = errors.New("the pool is closed")

// ErrWorkerDied is what each [WorkerError] is, for errors.Is. In
// concurrent.futures: BrokenProcessPool.
var ErrWorkerDied = errors.New("the worker died")

// A WorkerError tells how the last of a task's workers died; the pool goes on.
// In concurrent.futures it is BrokenProcessPool, and the pool is lost;
// multiprocessing.Pool waits for ever.
type WorkerError struct {
	PID    int
	State  *os.ProcessState // its exit status, or the signal that killed it
	Stderr string           // the last that it wrote to standard error and output, up to 4 KiB
	cause  error            // why it was killed: it was not to be understood
}

// Error tells how the worker ended, and what it wrote last.
func (e *WorkerError) Error() string {
	text := fmt.Sprintf("%v: %v", ErrWorkerDied, e.State)
	if e.cause != nil {
		text = fmt.Sprintf("%v: %v (%v)", ErrWorkerDied, e.cause, e.State)
	}
	if e.Stderr != "" {
		text += "\n\n" + e.Stderr
	}
	return text
}

// Is tells that target is [ErrWorkerDied].
func (e *WorkerError) Is(target error) bool { return target == ErrWorkerDied }

// Unwrap returns why the pool killed the worker, or nil.
func (e *WorkerError) Unwrap() error { return e.cause }

// isEnd tells whether an error of a wire says just that the other end is gone.
func isEnd(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrClosed) || isBrokenPipe(err)
}

// A TaskError tells that a task returned an error or panicked. Of the error
// only the text has come from the worker: errors.Is does not know it. In
// multiprocessing the exception is pickled, with its traceback as text.
type TaskError struct {
	Message string // text of the error, or of the value that the task panicked with
	Stack   string // the worker's, if the task panicked
}

// Error returns the message and, after a panic, the worker's stack.
func (e *TaskError) Error() string {
	if e.Stack == "" {
		return e.Message
	}
	return "panic: " + e.Message + "\n\n" + e.Stack
}

// A ValueError tells which value of a Map is to blame: its task failed, killed
// its workers, took too long, or it cannot be sent. In Python the exception
// does not say.
type ValueError struct {
	Index int // among the values
	Of    int // how many there are
	err   error
}

// Error names the value, and what it did.
func (e *ValueError) Error() string { return fmt.Sprintf("value %d of %d: %v", e.Index, e.Of, e.err) }

// Unwrap returns what the value did.
func (e *ValueError) Unwrap() error { return e.err }

// ended returns the error of a call whose context has ended. It is both the
// context's cause and its Err.
func ended(ctx context.Context) error {
	cause := context.Cause(ctx)
	if cause == ctx.Err() || cause == ErrClosed {
		return cause
	}
	return &endedError{cause, ctx.Err()}
}

type endedError struct{ cause, err error }

func (e *endedError) Error() string   { return e.cause.Error() }
func (e *endedError) Unwrap() []error { return []error{e.cause, e.err} }

// A blame says that an error is one of a value, by its place in a call.
type blame struct {
	place int
	error
}

func (b *blame) Unwrap() error { return b.error }
