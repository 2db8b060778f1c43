package main

import "concurrency-notebook/internal/notebook"

func Example_whyAtAll() {
	notebook.Show(whyAtAll)
	// Output:
	// sales, counted without a lock: some are lost
	// sales, counted under a lock: 2000
	// orders, appended: 2000
	// seats, written to a map: 1000
}

func Example_costs() {
	notebook.Show(costs)
	// Output:
	// Semaphore        0 allocations
	// BoundedSemaphore 0 allocations
	// RLock            0 allocations
	// Event            0 allocations
	// Condition        0 allocations
	// Barrier          0 allocations
	// Queue            0 allocations
}

func Example_mutex() {
	notebook.Show(mutex)
	// Output:
	// one part after the other: cake at 4
	// under a lock: cake at 6
	// replaced as a whole: soup at 4
}

func Example_limitWithSemaphore() {
	notebook.Show(limitWithSemaphore)
	// Output:
	// inside at once: 3
	// released once too often: refused
}

func Example_condition() {
	notebook.Show(condition)
	// Output:
	// served: soup cake tea pie
	// woken, and there are 0 dishes
	// no dish in time
}

func Example_event() {
	notebook.Show(event)
	// Output:
	// guests inside: 3
	// a late guest doesn't wait
	// the cleaner has stopped, and not after a minute
}
