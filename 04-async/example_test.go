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
	// in_turn: soup and cake, 1 on the stove at a time
	// at_once: soup and cake, 2 on the stove at a time
}

func Example_coroutines() {
	notebook.Show(coroutines)
	// Output:
	// a sleep of 0: others ran
	// a task that has just been made: others ran
	// a task that has ended: nobody else ran
	// a queue that has something: nobody else ran
	// a coroutine that doesn't wait: nobody else ran
}

func Example_taskGroups() {
	notebook.Show(taskGroups)
	// Output:
	// gather says the soup is burnt
	// the cake is ready
	// the cake is put away
	// the group says the soup is burnt
}

func Example_timeouts() {
	notebook.Show(timeouts)
	// Output:
	// polite cleans up
	// polite: a timeout
	// stubborn stays
	// stubborn: no error
	// paying: a timeout
	// and the payment is made
}

func Example_neverBlock() {
	notebook.Show(neverBlock)
	// Output:
	// in a coroutine: the bell was silent
	// in a thread: the bell rang
}

func Example_eventLoop() {
	notebook.Show(eventLoop)
	// Output:
	// the waiter waits for a socket
	// the guest waits for the clock
	// the guest orders
	// the waiter hears: soup
}

func Example_fasterThanThreads() {
	notebook.Show(fasterThanThreads)
	// Output:
	// 40 answers, 10 at a time
}

func Example_tenThousand() {
	notebook.Show(tenThousand)
	// Output:
	// the last of 20 guests hears: soup
}

func Example_oneWorld() {
	notebook.Show(oneWorld)
	// Output:
	// tasks, Ada awaits: Ada Bob Ada Bob Ada Bob
	// tasks, she doesn't: Ada Ada Ada Bob Bob Bob
	// not tasks: Ada was interrupted
}

func Example_costs() {
	notebook.Show(costs)
	// Output:
	// 1000 coroutines of one loop slept 1h0m0s
}
