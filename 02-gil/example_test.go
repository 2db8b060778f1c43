package main

import "concurrency-notebook/internal/notebook"

func Example_cpuBound() {
	notebook.Show(cpuBound)
	// Output:
	// 4 threads that compute, with a GIL: 4s
	// 4 threads that compute, without:    1s
}

func Example_ioBound() {
	notebook.Show(ioBound)
	// Output:
	// 4 threads that wait, the GIL released: 1s
	// 4 threads that wait, the GIL kept:     4s
}
