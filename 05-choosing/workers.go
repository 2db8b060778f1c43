package main

import (
	"context"
	"fmt"
	"io"
)

// little returns how many are there at once: Little's law.
func little(rate, stay float64) float64 { return rate * stay }

// workersFor follows from it: how many keep the CPUs busy.
func workersFor(cpus int, computes, waits float64) float64 {
	return float64(cpus) * (1 + waits/computes)
}

// amdahl returns how many times as fast as one n are: Amdahl's law.
func amdahl(alone float64, n int) float64 {
	return 1 / (alone + (1-alone)/float64(n))
}

func workers(_ context.Context, w io.Writer) error {
	fmt.Fprintln(w, "20 requests come a second, and each takes half a second:")
	fmt.Fprintf(w, "  %.0f are there at once\n", little(20, 0.5))
	for _, waits := range []float64{0, 80} {
		fmt.Fprintf(w, "a task computes for 5 ms and waits for %v ms; 2 CPUs:\n", waits)
		fmt.Fprintf(w, "  %.0f workers\n", workersFor(2, 5, waits))
	}
	for _, n := range []int{10, 100} {
		fmt.Fprintf(w, "a tenth of the work is for one alone; %d workers:\n", n)
		fmt.Fprintf(w, "  %.1f times as fast as one\n", amdahl(0.1, n))
	}
	return nil
}
