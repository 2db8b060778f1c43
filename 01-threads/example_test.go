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
	// a system thread for each of 50 threads: yes
	// a system thread for each of 10,000 tasks: no
}

func Example_sharedMemory() {
	notebook.Show(sharedMemory)
	// Output:
	// Ada cooks order 1
	// Grace cooks order 2
	// Edsger cooks order 3
}

func Example_anyOrder() {
	notebook.Show(anyOrder)
	// Output:
	// tea: waiting for the water
	// toast: ready
	// tea: ready
	// finished, once sorted: cake rice soup tea
}

func Example_seenByAll() {
	notebook.Show(seenByAll)
	// Output:
	// by a flag:   soup
	// by an event: cake
	// by a queue:  tea
}

func Example_lostUpdate() {
	notebook.Show(lostUpdate)
	// Output:
	// read, then write: 1 sold
	// under a lock:     2 sold
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
	// 1000 guests with a thread each
	// 1000 guests with something lighter each
}

func Example_lifeAndDeath() {
	notebook.Show(lifeAndDeath)
	// Output:
	// both have ended
	// soup: ready
	// cake: fire in the kitchen
}
