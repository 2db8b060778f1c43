package main

import (
	"os"
	"testing"

	"concurrency-notebook/internal/notebook"
)

func TestMain(m *testing.M) {
	beProgram()
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
