package main

import "concurrency-notebook/internal/notebook"

func Example_sharedMemory() {
	notebook.Show(sharedMemory)
	// Output:
	// Ada cooks order 1
	// Grace cooks order 2
	// Edsger cooks order 3
}

func Example_concurrentOrParallel() {
	notebook.Show(concurrentOrParallel)
	// Output:
	// soup, step 1
	// cake, step 1
	// soup, step 2
	// cake, step 2
	// soup, step 3
	// cake, step 3
}
