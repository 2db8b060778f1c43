package main

import "concurrency-notebook/internal/notebook"

func Example_manyDownloads() {
	notebook.Show(manyDownloads)
	// Output:
	// 40 pages, 271 characters
}

func Example_limitedTasks() {
	notebook.Show(limitedTasks)
	// Output:
	// page 1, page 2, page 3, page 4, page 5, page 6, page 7
}

func Example_firstError() {
	notebook.Show(firstError)
	// Output:
	// failed: shop B doesn't answer
	// shop A: stopped
	// shop C: stopped
}

func Example_allErrors() {
	notebook.Show(allErrors)
	// Output:
	// db: connection refused
	// mail: connection refused
}

func Example_asTheyCome() {
	notebook.Show(inVirtualTime(asTheyCome))
	// Output:
	// Rome: 21 degrees
	// Bern: the station is closed
	// Oslo: 21 degrees
}

func Example_partialAnswers() {
	notebook.Show(partialAnswers)
	// Output:
	// price: 9.99
	// reviews: unavailable
	// stock: too late
}

func Example_workerPool() {
	notebook.Show(workerPool)
	// Output:
	// job 4: it's broken
	// done: 5 of 6
}

func Example_pipeline() {
	notebook.Show(pipeline)
	// Output:
	// 5 photos are up
}

func Example_storeBatches() {
	notebook.Show(inVirtualTime(storeBatches))
	// Output:
	// stored: 1 2 3
	// stored: 4 5
	// stored: 6
}

func Example_keepNewest() {
	notebook.Show(keepNewest)
	// Output:
	// quick: 1
	// quick: 2
	// quick: 3
	// quick: 4
	// quick: 5
	// slow: 3
	// slow: 4
	// slow: 5
}

func Example_processProgress() {
	notebook.Show(processProgress)
	// Output:
	// 1 of 5 done
	// 2 of 5 done
	// 3 of 5 done
	// 4 of 5 done
	// 5 of 5 done
	// 1229 primes
}

func Example_rateLimit() {
	notebook.Show(rateLimit)
	// Output:
	// sent: 1
	// sent: 2
	// sent: 3
	// sent: 4
	// sent: 5
}

func Example_retries() {
	notebook.Show(inVirtualTime(retries))
	// Output:
	// answer: ok
	// failed: wrong password
	// failed: unavailable
}

func Example_blockingTimeout() {
	notebook.Show(blockingTimeout)
	// Output:
	// fast.example: 192.0.2.7
	// slow.example: no answer in time
	// its call has ended: false
}

func Example_hedgedRequest() {
	notebook.Show(hedgedRequest)
	// Output:
	// the second answers
}

func Example_gracefulShutdown() {
	notebook.Show(inVirtualTime(gracefulShutdown))
	// Output:
	// the short request is answered
	// the long request was cut off
	// bye
}

func Example_everyMinute() {
	notebook.Show(everyMinute)
	// Output:
	// run 1
	// run 2
	// run 3
	// stopped
}

func Example_runProgram() {
	notebook.Show(runProgram)
	// Output:
	// hello
	// exit code 1: no disk
	// killed: it took too long
}

func Example_loadOnce() {
	notebook.Show(loadOnce)
	// Output:
	// first: no network
	// then: 1.08 1.08 1.08 1.08
	// loaded 2 times
}

func Example_configSwap() {
	notebook.Show(configSwap)
	// Output:
	// under way: old-db with the old secret
	// the next: new-db with the new secret
}

func Example_answerCache() {
	notebook.Show(answerCache)
	// Output:
	// A A A
	// B
	// C
	// A
	// downloaded: a b c a
}

func Example_requestValues() {
	notebook.Show(requestValues)
	// Output:
	// [7] begins
	// [8] begins
	// [7] ends
	// [8] ends
	// [-] outside
}

func Example_blockingFromAsync() {
	notebook.Show(blockingFromAsync)
	// Output:
	// the loop goes on
	// rows of orders
	// rows of guests
}

func Example_threadToLoop() {
	notebook.Show(threadToLoop)
	// Output:
	// event: door open
	// event: door closed
	// no more events
}

func Example_cpuFromServer() {
	notebook.Show(cpuFromServer)
	// Output:
	// 168 primes below 1000
	// 669 primes below 5000
	// 1229 primes below 10000
}
