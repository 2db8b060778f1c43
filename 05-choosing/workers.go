package main

import (
	"context"
	"fmt"
	"io"
)

// workersFor returns how many tasks at once keep the CPUs busy, if
// each computes for so long and waits for so long.
func workersFor(cpus int, cpu, wait float64) float64 {
	return float64(cpus) * (1 + wait/cpu)
}

func workers(_ context.Context, w io.Writer) error {
	fmt.Fprintf(w, "computes for 5 ms, on 2 CPUs:     %2.0f workers\n", workersFor(2, 5, 0))
	fmt.Fprintf(w, "... and waits for 80 ms:          %2.0f workers\n", workersFor(2, 5, 80))
	fmt.Fprintf(w, "... in threads that share a GIL:  %2.0f workers\n", workersFor(1, 5, 80))
	return nil
}
