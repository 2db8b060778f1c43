// Package virtual runs a function in virtual time: what waits for three hours
// is done at once, and goes the same way on every run.
package virtual

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"testing"
	"testing/synctest"
)

// Run calls f in virtual time and returns its error. The clock starts at
// midnight UTC, 2000-01-01, and moves only when f and all goroutines that it
// started are durably blocked: then it jumps to the next timer. Run works in a
// program, in an Example and in a test alike; it is made of [synctest.Test].
//
// What blocks durably: time.Sleep, sync.Cond, sync.WaitGroup, and channels and
// timers that were made inside f. What does not: sync.Mutex, system calls,
// files, sockets, and channels made outside. While a goroutine waits for one of
// these the clock stands still, and if it waits for good Run never returns.
//
// The context that f gets has the values of ctx and nothing else of it, since
// the end of ctx would come from outside, where time is real; it ends when f
// returns and, like everything made inside f, is of no use after. If ctx has ended before the start, Run returns its cause.
//
// Run waits for every goroutine that f started. It returns an error if f is
// blocked with no timer left to wait for, if goroutines are when f has
// returned, if f ends by runtime.Goexit, and a [*PanicError] if f panics. A
// panic in another goroutine ends the program, as in real time, and so may a
// data race where the race detector watches. Run cannot be called inside f.
func Run(ctx context.Context, f func(ctx context.Context) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	// Both are needed: a panic or a Goexit in the test's own goroutine ends the
	// program, and a test that fails calls Goexit in the goroutine that runs it.
	var err error
	bubble := contain(func() error {
		synctest.Test(new(testing.T), func(*testing.T) {
			err = contain(func() error {
				ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
				defer cancel()
				return f(ctx)
			})
		})
		return nil
	})
	if bubble == nil {
		return err
	}
	if p, ok := bubble.(*PanicError); ok { // the deadlocks; their stack is Run's
		bubble = fmt.Errorf("virtual time: %v", p.Value)
	}
	return errors.Join(err, bubble)
}

// A PanicError tells that the function given to [Run] panicked.
type PanicError struct {
	Value any    // what it panicked with
	Stack []byte // of its goroutine, as debug.Stack formats it
}

// Error returns the value and the stack.
func (e *PanicError) Error() string {
	return fmt.Sprintf("panic: %v\n\n%s", e.Value, e.Stack)
}

// contain calls f in a goroutine of its own, waits for it, and turns its panic
// or Goexit into an error.
func contain(f func() error) error {
	err := errors.New("virtual time: ended by runtime.Goexit")
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer func() {
			if value := recover(); value != nil {
				err = &PanicError{Value: value, Stack: debug.Stack()}
			}
		}()
		err = f()
	}()
	<-ended
	return err
}
