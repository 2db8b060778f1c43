package main

import "concurrency-notebook/internal/notebook"

func Example_whyAtAll() {
	notebook.Show(whyAtAll)
	// Output:
	// count += 1: 1 of 2 sales
	// append:     1 of 2 orders
}

func Example_mutex() {
	notebook.Show(mutex)
	// Output:
	// two calls:   soup at 6
	// locked:      can it be locked again? false
	// locked once: cake at 6
	// reentrant:   3 times by its owner; by a stranger? false
}

func Example_limitWithSemaphore() {
	notebook.Show(limitWithSemaphore)
	// Output:
	// 10 clients, 3 connections, 1s each: 4s
	//
	// A gate for 3, released once too often
	//   primitive.Semaphore         is silent    lets in 4
	//   primitive.BoundedSemaphore  panics       lets in 3
	//   semaphore.Weighted          panics       lets in 4
	//   buffered channel            would block  lets in 3
}

func Example_condition() {
	notebook.Show(condition)
	// Output:
	// soup on the counter after 1m0s
	// cake on the counter after 2m0s
	// tea on the counter after 1h0m0s
	// woken, with 0 dishes on the counter
	// no dish: the guest has lost patience
}

func Example_event() {
	notebook.Show(event)
	// Output:
	// the guests waited [1h0m0s 1h0m0s 1h0m0s]
	// a late guest waited 0s
	// set and cleared: 3 of 3 go in
	// a flag in a loop: 0 of 3 go in
	// a channel, closed twice: close of closed channel
}
