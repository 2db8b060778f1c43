package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/pprof"
	"sync"
)

func smallestUnit(_ context.Context, w io.Writer) error {
	seen := 0
	count := func() { seen = systemThreads() }

	// Fifty goroutines that each keep a thread for themselves.
	whileWaiting(50, true, count)
	fmt.Fprintln(w, "a system thread for each of 50 threads:", yes(seen >= 50))

	// Ten thousand ordinary ones.
	whileWaiting(10_000, false, count)
	fmt.Fprintln(w, "a system thread for each of 10,000 tasks:", yes(seen >= 10_000))
	return nil
}

// whileWaiting starts n goroutines, looks while all of them wait,
// and lets them end.
func whileWaiting(n int, keepThread bool, look func()) {
	var started, ended sync.WaitGroup
	goOn := make(chan struct{})
	started.Add(n)
	for range n {
		ended.Go(func() {
			if keepThread {
				runtime.LockOSThread()
			}
			started.Done()
			<-goOn
		})
	}
	started.Wait()
	look()
	close(goOn)
	ended.Wait()
}

// systemThreads returns how many threads this program has.
func systemThreads() int { return pprof.Lookup("threadcreate").Count() }

func yes(so bool) string {
	if so {
		return "yes"
	}
	return "no"
}
