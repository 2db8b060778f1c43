package main

import "concurrency-notebook/internal/notebook"

func Example_eventLoop() {
	notebook.Show(eventLoop)
	// Output:
	// 0s the kettle is on
	// 0s the bread is in the toaster
	// 2m0s the toast is ready
	// 3m0s the water boils
}

func Example_manyWaits() {
	notebook.Show(manyWaits)
	// Output:
	// 10,000 waits of an hour took 1h0m0s
}
