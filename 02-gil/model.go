package main

import (
	"runtime"
	"sync"

	"concurrency-notebook/02-gil/gil"
)

// turn is a little real work: what the model does between two looks at the eval
// breaker. CPython takes about as long for a turn of a loop.
func turn(n *int) {
	for range 50 {
		*n++
	}
}

// newGIL returns the lock of the model, with CPython's switch interval.
func newGIL() *gil.GIL {
	lock, err := gil.New(gil.DefaultInterval, nil)
	if err != nil {
		panic(err) // the default is positive
	}
	return lock
}

// computeInThreads makes so many turns under the lock, divided among threads of
// the model. Each has an OS thread to itself, as in CPython: to wake one is the
// system's work.
func computeInThreads(lock *gil.GIL, threads, turns int) {
	var wg sync.WaitGroup
	for range threads {
		wg.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			thread, counter := lock.Thread("computes"), new(int)
			thread.Run(func() {
				thread.Compute(turns/threads, func() { turn(counter) })
			})
		})
	}
	wg.Wait()
}
