package main

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/06-sync-primitives/primitive"
	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

const shortReads = 2_000_000

func compareReaders(ctx context.Context, lab *notebook.Lab) error {
	const longReads, longRead, late, meeting = 300, 100_000, 100, 100
	cpus := lab.CPUs("6.26")
	lab.Predict("%d readers, one for each CPU, and no writer: long reads take 1/%d = %s of their time under a mutex; short ones as long as under it, since readers count themselves in and out, and the count goes from CPU to CPU as a mutex does",
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

	went.Add("served", float64(served))
	went.Add("writers", float64(writers))
	judgeReaders(lab, went, cpus, late*lab.Rounds(), meeting)
	return nil
}

func judgeReaders(lab *notebook.Lab, went measure.Samples, cpus, came, meeting int) {
	unit := notebook.Unit{Name: "times as long as under a mutex", Say: measure.Times}
	lab.Headline(unit, fmt.Sprintf("%d readers and no writer, times as long as under a mutex", cpus))
	long, short, pointer := went.Ratio("long, readers", "long, mutex"), went.Ratio("short, readers", "short, mutex"), went.Ratio("short, pointer", "short, mutex")
	lab.Figure(unit, "a read-write lock, long reads", long, 1/float64(cpus))
	lab.Figure(unit, "a read-write lock, short reads", short, 1)
	lab.Figure(unit, "a read-write lock, short reads, 1 reader", went.Ratio("one, readers", "one, mutex"), 1)
	lab.Figure(unit, "an atomic.Pointer, short reads", pointer)
	read := notebook.Time("time for a short read")
	for _, way := range []struct{ name, variant string }{
		{"under a mutex", "short, mutex"}, {"under a read-write lock", "short, readers"}, {"through an atomic.Pointer", "short, pointer"},
	} {
		lab.Figure(read, way.name, went.Estimate(way.variant).Times(1.0/shortReads))
	}

	served, writers := went.Estimate("served").Median, went.Estimate("writers").Median
	lab.Judge("6.24", notebook.Go, measure.Fact(served == float64(came),
		"%s came to read while a writer waited; %s of them had to wait, and read what it had written", measure.Count(float64(came)), measure.Count(served)))
	lab.Judge("6.25", notebook.Go, measure.Fact(writers == 0,
		"%d readers met while each of them held the lock, and in %.0f rounds a writer could have had it too", meeting, writers))
	halves := []measure.Verdict{
		long.Decide("long reads, read-write lock / mutex", 1/float64(cpus), 1),
		short.Decide("short reads, read-write lock / mutex", 1/float64(cpus), 1),
	}
	both := measure.All(halves...)
	if halves[0].Answer != halves[1].Answer && halves[0].Answer != measure.CantTell && halves[1].Answer != measure.CantTell {
		both.Answer = measure.InPart
	}
	lab.Judge("6.26", notebook.Go, both.Means(measure.Same, measure.Different))
	text := fmt.Sprintf("Long reads took %s as long under a read-write lock as under a mutex. Short ones took %s as long; through an `atomic.Pointer`, without a lock, they took %s.",
		measure.Times(long.Median), measure.Times(short.Median), measure.Times(pointer.Median))
	lab.Answer("6.26", notebook.Go, notebook.Wording{measure.InPart: text, measure.Same: text, measure.Different: text})
	text = fmt.Sprintf("%d readers held it at once, and %s could have had it meanwhile.", meeting, map[bool]string{true: "a writer", false: "no writer"}[writers > 0])
	lab.Answer("6.25", notebook.Go, notebook.Wording{measure.Yes: text, measure.No: text})
	text = fmt.Sprintf("While a writer waited, %s came to read, and %s of them had to wait until it had written.", measure.Count(float64(came)), measure.Count(served))
	lab.Answer("6.24", notebook.Go, notebook.Wording{measure.Yes: text, measure.No: text})
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
