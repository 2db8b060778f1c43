package main

import "concurrency-notebook/internal/notebook"

func Example_workQueue() {
	notebook.Show(workQueue)
	// Output:
	// two workers, 16 tasks: 17984 primes below 200,000
	// one process:           17984 primes below 200,000
}
