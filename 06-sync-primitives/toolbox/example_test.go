package main

import "concurrency-notebook/internal/notebook"

func Example_queue() {
	notebook.Show(queue)
	// Output:
	// soup served after 1m0s
	// the last order on the queue after 1m0s
	// cake served after 2m0s
	// tea served after 3m0s
	// pie served after 4m0s
	// over a channel: 4 served
	// size 0: a queue holds 1000
}

func Example_barrier() {
	notebook.Show(barrier)
	// Output:
	// course 1 after 3m0s
	// course 2 after 6m0s
	// their places: [2 1 0]
	// first:  primitive: the barrier is broken: the soup gets cold
	// second: primitive: the barrier is broken
	// third:  primitive: the barrier is broken
}

func Example_readWriteLock() {
	notebook.Show(readWriteLock)
	// Output:
	// one reads soup
	// another may read:  true
	// another may write: false
	// a writer waits, and another may read: false
	// then one reads cake
}

func Example_once() {
	notebook.Show(once)
	// Output:
	// soup, cake, tea: 100 ask, printed 1 time
	// the kettle: no water
	// the kettle: no water
}

func Example_cancelWithErrgroup() {
	notebook.Show(cancelWithErrgroup)
	// Output:
	// soup  after 1m0s: <nil>
	// cake  after 2m0s: the cake is burnt
	// roast after 2m0s: given up: the cake is burnt
	// pie   after 2m0s: given up: the cake is burnt
	// Wait  after 2m0s returns: the cake is burnt
}

func Example_fetchWithSingleflight() {
	notebook.Show(fetchWithSingleflight)
	// Output:
	// stampede: 100 ask, 100 fetched; price 5, error <nil>
	// price: 100 ask, 1 fetched; price 5, error <nil>
	// in a hurry: the soup gets cold
	// who waited on: 1 fetched; price 7, error <nil>
}

func Example_waitWithContext() {
	notebook.Show(waitWithContext)
	// Output:
	// first table: 0s the soup gets cold
	// second table: 3h0m0s the kitchen closes
	// 10 give up on a sync.Cond: 55 wake-ups
	// 10 give up on a Condition: 10 wake-ups
	// the last is told: guest 9 has lost patience
}

func Example_costs() {
	notebook.Show(costs)
	// Output:
	// Semaphore        0 allocations
	// BoundedSemaphore 0 allocations
	// RLock            0 allocations
	// Event            0 allocations
	// Condition        0 allocations
	// Barrier          0 allocations
	// Queue            0 allocations
}
