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

func Example_twoWorlds() {
	notebook.Show(twoWorlds)
	// Output:
	// soup after 3m0s
	// two at once after 3m0s
}

func Example_readiness() {
	notebook.Show(readiness)
	// Output:
	// read, with nothing there: EAGAIN? true
	// write, with no room left: EAGAIN? true
	// can the guest read?      true
	// can the kitchen write?   false
}

func Example_eventLoop() {
	notebook.Show(eventLoop)
	// Output:
	// 0s the kettle is on
	// 0s the bread is in the toaster
	// 2m0s the toast is ready
	// 3m0s the water boils
}

func Example_coroutines() {
	notebook.Show(coroutines)
	// Output:
	// woken by a socket: soup
	// woken by the clock
	// a task is made, and has not begun
	//   the cook begins, now that the waiter waits
	// woken by a task: soup is ready
}

func Example_taskGroups() {
	notebook.Show(taskGroups)
	// Output:
	// Gather
	//   1m0s   returns: the soup is burnt
	//   3m0s   the cake is ready
	//   5m0s   the bread is ready
	// InGroup
	//   1m10s  the cake is put away
	//   1m10s  the bread is put away
	//   1m10s  returns: the soup is burnt
	// errgroup
	//   1m0s   the cake is put away
	//   5m0s   the bread is ready
	//   5m0s   returns: the soup is burnt
}

func Example_timeouts() {
	notebook.Show(timeouts)
	// Output:
	// tasks, cancelled after a minute
	//   1m0s   polite hears: cancelled: we are closing
	//   1m0s   stubborn hears: cancelled: we are closing
	//   6m0s   polite has paid, and goes
	//   6m0s   so one has ended with: cancelled: we are closing
	//   1h1m0s stubborn has had the tea
	//   1h1m0s so one has ended with: <nil>
	// Timeout, of a minute
	//   1m0s   returns: the time is over after 1m0s
	//   2m0s   stubborn hears: cancelled: the time is over
	//   1h2m0s stubborn has had the tea
	//   1h2m0s returns: <nil>
	// goroutines, told after a minute
	//   1m0s   who looks hears: we are closing
	//   1h0m0s who does not look has had the tea
}

func Example_neverBlock() {
	notebook.Show(neverBlock)
	// Output:
	// the loop warns: a step took 300ms: whoever blocks the loop blocks them all
	// kneading in a coroutine:  the bell was silent for 300ms
	// kneading in the executor: the bell was silent for 10ms
}

func Example_greenThreads() {
	notebook.Show(greenThreads)
	// Output:
	// tasks, Ada awaits true: Ada Bob Ada Bob Ada Bob
	// tasks, Ada awaits false: Ada Ada Ada Bob Bob Bob
	// goroutines, Ada spins: and was interrupted
}

func Example_tenThousand() {
	notebook.Show(tenThousand)
	// Output:
	// the last of 100 guests hears: soup
}

func Example_oneWorld() {
	notebook.Show(oneWorld)
	// Output:
	// 10,000 waits of an hour took 1h0m0s
}

func Example_costs() {
	notebook.Show(costs)
	// Output:
	// 1000 coroutines of one thread slept 1h0m0s
}
