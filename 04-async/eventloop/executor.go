package eventloop

// InExecutor calls a function that blocks in a goroutine of its own, and pauses
// the coroutine until it has returned: Python's asyncio.to_thread. The function
// must not use the loop.
//
// A coroutine that is cancelled meanwhile goes on at once. The function cannot
// be stopped: what it returns is thrown away, and Run waits for it in the end.
func InExecutor[T any](co *Coroutine, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	if err := co.cancelled(); err != nil {
		var none T
		return none, err
	}
	future := NewFuture[result](co)
	co.loop.threads.Go(func() {
		var r result
		r.value, r.err = f()
		co.loop.CallSoonThreadsafe(func() { future.Set(r) })
	})
	r, err := Await(co, future)
	if err != nil {
		return r.value, err
	}
	return r.value, r.err
}
