package main

import "concurrency-notebook/internal/notebook"

func Example_mutex() {
	notebook.Show(mutex)
	// Output:
	// without a mutex: 1 of 2 sales counted
	// with a mutex:    2 of 2 sales counted
}

func Example_limitWithSemaphore() {
	notebook.Show(limitWithSemaphore)
	// Output:
	// 10 clients, 3 connections, 1s each: 4s
}

func Example_condition() {
	notebook.Show(condition)
	// Output:
	// soup served after 1m0s
	// cake served after 2m0s
	// tea served after 3m0s
}

func Example_event() {
	notebook.Show(event)
	// Output:
	// the guests waited [1h0m0s 1h0m0s 1h0m0s]
	// a late guest waited 0s
}
