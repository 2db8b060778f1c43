package main

import (
	"os"
	"testing"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/notebook"
)

// The workers of a test are the test binary, started again.
func TestMain(m *testing.M) {
	procpool.Serve()
	os.Exit(m.Run())
}

func Example_ownMemory() {
	notebook.Show(ownMemory)
	// Output:
	// the worker has 70 tickets left
	// the worker has 40 tickets left
	// this process has 100
	// the worker crashed; this process goes on
}

func Example_cpuBound() {
	notebook.Show(cpuBound)
	// Output:
	// in sequence    1229 primes below 10,000
	// in goroutines  1229 primes below 10,000
	// in processes   1229 primes below 10,000
}

func Example_startingCost() {
	notebook.Show(startingCost)
	// Output:
	// 3 goroutines ran in 1 process
	// 3 workers ran in 3 processes
}
