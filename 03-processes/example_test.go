package main

import (
	"os"
	"testing"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/notebook"
)

// A worker of the tests is this test binary, started again.
func TestMain(m *testing.M) {
	procpool.Serve()
	if again.Serve() {
		return
	}
	os.Exit(m.Run())
}

func Example_ownMemory() {
	notebook.Show(ownMemory)
	// Output:
	// the worker has 70 tickets left
	// this process has 100
	// the worker crashed; this process goes on
}

func Example_cpuBound() {
	notebook.Show(cpuBound)
	// Output:
	// in this process: 17984 primes below 200,000
	// in two others:   17984 primes below 200,000
}

func Example_breakEven() {
	notebook.Show(breakEven)
	// Output:
	// workers started for it found 1229 primes
	// workers that stay found 1229 primes
}

func Example_ioBound() {
	notebook.Show(ioBound)
	// Output:
	// in one process:  4 waited at the same time
	// in four of them: 4 waited at the same time
}

func Example_startMethods() {
	notebook.Show(startMethods)
	// Output:
	// here: cake
	// in a fresh worker: soup
	// in one that was told: cake
}

func Example_talking() {
	notebook.Show(talking)
	// Output:
	// there are 3 guests in what came back
	// there are 2 guests in what was sent
	// a lambda can't be sent
}

func Example_poolMap() {
	notebook.Show(poolMap)
	// Output:
	// each gets 1500 750 500 375
	// the worker says: there are no -3 cooks
	// and goes on: 300
}

func Example_workerDies() {
	notebook.Show(workerDies)
	// Output:
	// table 0 is served
	// table 1 is served
	// table 2 is served
	// table 3 is served
}

func Example_costs() {
	notebook.Show(costs)
	// Output:
	// the bare program says hello
	// a worker says 21 <nil>
}
