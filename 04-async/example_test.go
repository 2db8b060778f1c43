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

func Example_taskGroups() {
	notebook.Show(taskGroups)
	// Output:
	// Gather
	//   1m0s   returns: the soup is burnt
	//   3m0s   the cake is ready
	//   5m0s   the bread is ready
	// InGroup
	//   1m10s  the cake is put away
	//   1m10s  the bread is put away
	//   1m10s  returns: the soup is burnt
	// errgroup
	//   1m0s   the cake is put away
	//   5m0s   the bread is ready
	//   5m0s   returns: the soup is burnt
}

func Example_manyWaits() {
	notebook.Show(manyWaits)
	// Output:
	// 10,000 waits of an hour took 1h0m0s
}
