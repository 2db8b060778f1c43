package main

import "concurrency-notebook/internal/notebook"

func Example_workQueue() {
	notebook.Show(workQueue)
	// Output:
	// two workers, 16 tasks: 17984 primes
	// one process:           17984 primes
}

func Example_workerDies() {
	notebook.Show(workerDies)
	// Output:
	// a worker took table 0 and was killed
	// the next one served 8 of 8 tables
	// table 0 was given out again
}

func Example_serverDies() {
	notebook.Show(serverDies)
	// Output:
	// three servers have acknowledged 100 orders
	// the one that leads the queue is killed
	// the other two have acknowledged 100 more
	// the order in hand is done
	// 199 of 199 orders are left to do
}

func Example_sameMessageTwice() {
	notebook.Show(sameMessageTwice)
	// Output:
	// sent twice, no identity:  2 in the queue
	// sent twice, one identity: 1 in the queue
	// done twice: a counter says 2 and the list of orders 1
	// done, and sent again:     0 in the queue
	// and after a new start:    1 in the queue
}

func Example_poisonTask() {
	notebook.Show(poisonTask)
	// Output:
	// 3 of 5 orders are done; order 2 failed 3 times
	// dead letter: 3 deliveries; the task is in the queue: order 2
	// dead letter: not a number: "two teas"; the task is gone
}

func Example_backPressure() {
	notebook.Show(backPressure)
	// Output:
	// of 5 orders, 3 were accepted and 2 refused
	// a worker that asks for 10 tasks gets 2
	// when one is done, it gets 1 more
	// put off for an hour, it still counts: it gets 0 more
	// and there's room for another order: true
}

func Example_slowWorker() {
	notebook.Show(slowWorker)
	// Output:
	// silent: the task is given to a second worker, too
	// heartbeats: two leases later, nobody else has it
	// late Ack by the first: the queue has 0 tasks
}

func Example_prefetch() {
	notebook.Show(prefetch)
	// Output:
	// taken 8 at a time: 8 tasks are run 15 times
	// taken 1 at a time: 8 tasks are run 8 times
}

func Example_startAgain() {
	notebook.Show(startAgain)
	// Output:
	// 10 orders came, and 4 are done
	// stopped and started: 6 orders are left
	// killed and started:  6 orders are left
}
