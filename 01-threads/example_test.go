package main

import (
	"os"
	"testing"

	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/notebook"
)

func TestMain(m *testing.M) {
	if again.Serve() {
		return
	}
	os.Exit(m.Run())
}

func Example_smallestUnit() {
	notebook.Show(smallestUnit)
	// Output:
	// a thread for each of 50 that keep one: true
	// a thread for each of 10,000 that do not: false
}

func Example_sharedMemory() {
	notebook.Show(sharedMemory)
	// Output:
	// Ada cooks order 1
	// Grace cooks order 2
	// Edsger cooks order 3
}

func Example_seenByAll() {
	notebook.Show(seenByAll)
	// Output:
	// atomic:  soup
	// channel: cake
}

func Example_lostUpdate() {
	notebook.Show(lostUpdate)
	// Output:
	// read, then write:  1 sold
	// add, in one step:  2 sold
}

func Example_concurrentOrParallel() {
	notebook.Show(concurrentOrParallel)
	// Output:
	// soup, step 1
	// cake, step 1
	// soup, step 2
	// cake, step 2
	// soup, step 3
	// cake, step 3
}

func Example_ioInThreads() {
	notebook.Show(ioInThreads)
	// Output:
	// 40 answers, 10 at a time
}

func Example_threadCost() {
	notebook.Show(threadCost)
	// Output:
	// 100000 guests served, by a goroutine each
}

func Example_lifeAndDeath() {
	notebook.Show(lifeAndDeath)
	// Output:
	// main returns: exit status 0
	// a goroutine panics: exit status 2 panic: fire in the kitchen
	// recovered where it happened: the cook: fire in the kitchen
}
