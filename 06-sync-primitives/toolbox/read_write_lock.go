package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"
)

func readWriteLock(_ context.Context, w io.Writer) error {
	// part: readers
	var lock sync.RWMutex
	menu := "soup"

	lock.RLock()
	fmt.Fprintln(w, "one reads", menu)
	fmt.Fprintln(w, "another may read: ", mayRead(&lock))
	fmt.Fprintln(w, "another may write:", mayWrite(&lock))

	// part: writer
	var writer sync.WaitGroup
	writer.Go(func() {
		lock.Lock() // waits for the reader
		defer lock.Unlock()
		menu = "cake"
	})
	// A waiting Lock gives no sign but this one: readers are no
	// longer let in. So ask, until it is there.
	for mayRead(&lock) {
		runtime.Gosched()
	}
	fmt.Fprintln(w, "a writer waits, and another may read:", mayRead(&lock))
	lock.RUnlock()
	writer.Wait()

	lock.RLock()
	fmt.Fprintln(w, "then one reads", menu)
	lock.RUnlock()
	// part: end
	return nil
}

// mayRead tells whether one more reader would get the lock now.
func mayRead(lock *sync.RWMutex) bool {
	may := lock.TryRLock()
	if may {
		lock.RUnlock()
	}
	return may
}

func mayWrite(lock *sync.RWMutex) bool {
	may := lock.TryLock()
	if may {
		lock.Unlock()
	}
	return may
}
