package eventloop

import "errors"

// ToThread calls a function that blocks in a goroutine of its own, pauses the
// coroutine until it has returned, and returns the same: Python's
// asyncio.to_thread (threads.py), without a limit to the number of threads. The
// function must not use the loop, but for [Loop.CallSoonThreadsafe]. If it panics,
// the error is a [*PanicError].
//
// A coroutine that is cancelled meanwhile goes on at once. The function cannot
// be stopped: what it returns is thrown away, and Run waits for it in the end.
func ToThread[T any](co *Coroutine, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	var none T
	if err := co.cancelled(); err != nil {
		return none, err
	}
	future := NewFuture[result](co)
	co.loop.threads.Go(func() {
		r := result{err: errors.New("eventloop: the function ended by runtime.Goexit")}
		defer func() {
			if p := recover(); p != nil {
				r.err = newPanicError(p)
			}
			co.loop.CallSoonThreadsafe(func() { future.Set(r) })
		}()
		r.value, r.err = f()
	})
	r, err := Await(co, future)
	if err != nil {
		return none, err
	}
	return r.value, r.err
}

// InExecutor is [ToThread], by the older of the two names that asyncio has for
// it: loop.run_in_executor.
func InExecutor[T any](co *Coroutine, f func() (T, error)) (T, error) { return ToThread(co, f) }
