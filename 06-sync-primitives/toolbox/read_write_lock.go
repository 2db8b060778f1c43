package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
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

func compareReaders(ctx context.Context, lab *notebook.Lab) error {
	const longReads, longRead, shortReads, late, meeting = 300, 100_000, 2_000_000, 100, 100
	cpus := lab.CPUs("6.26")
	lab.Predict("%d readers, one for each CPU, and nobody who writes: long reads take 1/%d = %s of their time under a mutex; short ones as long as under it, since readers count themselves in and out, and the count goes from CPU to CPU as a mutex does",
		cpus, cpus, measure.Number(1/float64(cpus)))

	// Few enough to stay in a cache: it is the lock that is measured,
	// and not the memory. A long read goes through them many times.
	prices := make([]int, 2000)
	var mutex sync.Mutex
	var lock sync.RWMutex
	var table atomic.Pointer[[]int]
	table.Store(&prices)
	var sum atomic.Int64 // so that no read is for nothing
	variant := func(name string, readers, reads int, read func() int) measure.Variant {
		return measure.Variant{Name: name, Run: func(context.Context) error {
			var all sync.WaitGroup
			for range readers {
				all.Go(func() {
					total := 0
					for range reads / readers {
						total += read()
					}
					sum.Add(int64(total))
				})
			}
			all.Wait()
			return nil
		}}
	}
	under := func(locker sync.Locker, length int) func() int {
		return func() (total int) {
			locker.Lock()
			defer locker.Unlock()
			for i := range length {
				total += prices[i%len(prices)]
			}
			return total
		}
	}
	served, writers := 0, 0
	went, err := lab.InTurn(ctx,
		variant("long, mutex", cpus, longReads, under(&mutex, longRead)),
		variant("long, readers", cpus, longReads, under(lock.RLocker(), longRead)),
		variant("short, mutex", cpus, shortReads, under(&mutex, 1)),
		variant("short, readers", cpus, shortReads, under(lock.RLocker(), 1)),
		variant("short, pointer", cpus, shortReads, func() int { return (*table.Load())[0] }),
		variant("one, mutex", 1, shortReads, under(&mutex, 1)),
		variant("one, readers", 1, shortReads, under(lock.RLocker(), 1)),
		measure.Variant{Name: "writer", Run: func(context.Context) error {
			served += readBehindWriter(late)
			return nil
		}},
		measure.Variant{Name: "meeting", Run: func(ctx context.Context) error {
			may, err := meetInside(ctx, meeting)
			if may {
				writers++
			}
			return err
		}})
	if err != nil {
		return err
	}

	const locked, unlocked = "under a read-write lock, times as long as under a mutex", "without a lock, times as long as under a mutex"
	long, short := went.Ratio("long, readers", "long, mutex"), went.Ratio("short, readers", "short, mutex")
	lab.Show(fmt.Sprintf("%d readers, 100,000 prices a read", cpus), locked, long, 1/float64(cpus))
	lab.Show(fmt.Sprintf("%d readers, 1 price a read", cpus), locked, short, 1)
	lab.Show("1 reader, 1 price a read", locked, went.Ratio("one, readers", "one, mutex"), 1)
	lab.Show(fmt.Sprintf("%d readers, 1 price a read, atomic.Pointer", cpus), unlocked, went.Ratio("short, pointer", "short, mutex"))
	came := late * lab.Rounds()
	lab.Judge("6.24", notebook.Go, measure.Fact(served == came,
		"%d came to read while a writer waited; %d of them had to wait, and read what it had written", came, served))
	lab.Judge("6.25", notebook.Go, measure.Fact(writers == 0,
		"%d readers met while each of them held the lock, and in %d of %d rounds a writer could have had it too", meeting, writers, lab.Rounds()))
	lab.Judge("6.26", notebook.Go, measure.All(
		long.Decide("long reads, read-write lock / mutex", 1/float64(cpus), 1),
		short.Decide("short reads, read-write lock / mutex", 1/float64(cpus), 1)))
	return nil
}

// meetInside lets readers wait for each other while they hold the lock, and
// tells whether a writer would have got it then.
func meetInside(ctx context.Context, readers int) (may bool, err error) {
	var lock sync.RWMutex
	inside := primitive.NewBarrier(readers, func() { may = mayWrite(&lock) })
	group, ctx := errgroup.WithContext(ctx)
	for range readers {
		group.Go(func() error {
			lock.RLock()
			defer lock.RUnlock()
			_, err := inside.Wait(ctx)
			return err
		})
	}
	err = group.Wait()
	return may, err
}

// readBehindWriter lets readers come while a writer waits for the reader before
// it, and returns how many of them had to wait, and then read what it wrote.
func readBehindWriter(readers int) int {
	var lock sync.RWMutex
	written := false
	var read atomic.Int64
	lock.RLock()
	var here, all sync.WaitGroup
	all.Go(func() {
		lock.Lock()
		defer lock.Unlock()
		written = true
	})
	for mayRead(&lock) { // nothing else tells that the writer waits
		runtime.Gosched()
	}
	here.Add(readers)
	for range readers {
		all.Go(func() {
			mustWait := !mayRead(&lock)
			here.Done()
			lock.RLock()
			defer lock.RUnlock()
			if mustWait && written {
				read.Add(1)
			}
		})
	}
	here.Wait()
	lock.RUnlock()
	all.Wait()
	return int(read.Load())
}
