package main

import "concurrency-notebook/internal/notebook"

func Example_cancelWithErrgroup() {
	notebook.Show(cancelWithErrgroup)
	// Output:
	// soup: done
	// cake: burnt
	// roast: given up
	// pie: given up
}

func Example_boundedQueue() {
	notebook.Show(boundedQueue)
	// Output:
	// two orders, and there's no room for a third
	// served: soup cake tea pie
}

func Example_once() {
	notebook.Show(once)
	// Output:
	// 100 ask, printed: 1
	// the menu: soup, cake, tea
}

func Example_fetchWithSingleflight() {
	notebook.Show(fetchWithSingleflight)
	// Output:
	// a cache: 10 ask, fetched 10
	// one for all: 10 ask, fetched 1
}

func Example_readWriteLock() {
	notebook.Show(readWriteLock)
	// Output:
	// one reads soup
	// another may read:  true
	// another may write: false
	// a writer waits, and another may read: false
	// then one reads cake
}

func Example_barrier() {
	notebook.Show(barrier)
	// Output:
	// course 1 is served
	// course 2 is served
	// one alone, in vain: broken
	// the next one: broken
}

func Example_waitWithContext() {
	notebook.Show(waitWithContext)
	// Output:
	// an order: given up
	// a stove: given up
	// an answer: given up
}
