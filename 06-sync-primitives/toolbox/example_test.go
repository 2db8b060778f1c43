package main

import "concurrency-notebook/internal/notebook"

func Example_queue() {
	notebook.Show(queue)
	// Output:
	// soup served after 1m0s
	// the last order taken after 1m0s
	// cake served after 2m0s
	// tea served after 3m0s
	// pie served after 4m0s
	// over a channel: 4 served
	// a queue of size 0 holds 1000
	// a channel of size 0 holds nothing
}
