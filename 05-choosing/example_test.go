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
	beCell()
	os.Exit(m.Run())
}

func Example_models() {
	notebook.Show(models)
	// Output:
	// one after another   672 primes   12 answers    0 nothings
}
