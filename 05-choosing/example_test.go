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

func Example_decision() {
	notebook.Show(decision)
	// Output:
	//                in Python          in Go
	// count primes   processes          goroutines
	// ask 10 sites   threads            goroutines
	// 5,000 chats    asyncio            goroutines
	// foreign code   processes          processes
	// one report     one after another  one after another
}

func Example_matrix() {
	notebook.Show(matrix)
	// Output:
	// computing  one after another  4 tasks done
	// computing  goroutines         4 tasks done
	// computing  processes          4 tasks done
	// waiting    one after another  4 tasks done
	// waiting    goroutines         4 tasks done
	// waiting    processes          4 tasks done
}
