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

func Example_breakEven() {
	notebook.Show(breakEven)
	// Output:
	// alone   1m0s, with a helper  2m30s
	// alone   4m0s, with a helper   4m0s
	// alone  16m0s, with a helper  10m0s
}

func Example_ioBound() {
	notebook.Show(ioBound)
	// Output:
	// 4 goroutines waited at the same time
	// 4 processes waited at the same time
}

func Example_startingCost() {
	notebook.Show(startingCost)
	// Output:
	// 3 goroutines ran in 1 process
	// 3 workers ran in 3 processes
}

func Example_talking() {
	notebook.Show(talking)
	// Output:
	// through a pipe: tea for 3 came back, here it is still tea for 2
	// in shared memory: here it is tea for 3
}

func Example_poolMap() {
	notebook.Show(poolMap)
	// Output:
	// each gets [1500 750 500 375] <nil>
	// procpool: task "share-kettle", value 2 of 4: there are no -3 cooks
	// panic: runtime error: integer divide by zero
	// in shareKettle: true
}

func Example_workerDies() {
	notebook.Show(workerDies)
	// Output:
	// table 0 is served
	// table 1 is served
	// table 2 is served
	// table 3 is served
	// procpool: task "crash": the worker died: exit status 3
}

func Example_costs() {
	notebook.Show(costs)
	// Output:
	// the bare program says hello
	// a worker says 21 <nil>
}
