package main

import "concurrency-notebook/internal/notebook"

func Example_manyDownloads() {
	notebook.Show(manyDownloads)
	// Output:
	// 40 pages, from "page 1" to "page 40"
}

func Example_limitedTasks() {
	notebook.Show(inVirtualTime(limitedTasks))
	// Output:
	// page 1 came after 1 s
	// page 2 came after 1 s
	// page 3 came after 1 s
	// page 4 came after 2 s
	// page 5 came after 2 s
	// page 6 came after 2 s
	// page 7 came after 3 s
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

func Example_keepOrder() {
	notebook.Show(keepOrder)
	// Output:
	// 1
	// 4
	// 9
	// 16
}

func Example_workerPool() {
	notebook.Show(workerPool)
	// Output:
	// failed: job 4 is broken
	// done: 5 of 6
}

func Example_pipeline() {
	notebook.Show(inVirtualTime(pipeline))
	// Output:
	// photo 1 is up, 5 were opened
	// photo 2 is up, 6 were opened
	// photo 3 is up, 7 were opened
	// photo 4 is up, 7 were opened
	// photo 5 is up, 7 were opened
	// photo 6 is up, 7 were opened
	// photo 7 is up, 7 were opened
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
	notebook.Show(inVirtualTime(rateLimit))
	// Output:
	// sent at 0.0 s
	// sent at 0.5 s
	// sent at 1.0 s
	// sent at 1.5 s
	// sent at 2.0 s
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
	notebook.Show(inVirtualTime(hedgedRequest))
	// Output:
	// the second answers after 3 s
}

func Example_gracefulShutdown() {
	notebook.Show(inVirtualTime(gracefulShutdown))
	// Output:
	// the short request is answered
	// the long request was cut off
	// bye
}

func Example_everyMinute() {
	notebook.Show(inVirtualTime(everyMinute))
	// Output:
	// begins at 0 s
	// begins at 60 s
	// begins at 180 s
	// stopped
}

func Example_runProgram() {
	notebook.Show(runProgram)
	// Output:
	// hello
	// exit code 3: no disk
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
	// [7] asks the database
	// [7] asks a thread
	// [8] asks the database
	// [8] asks a thread
	// [-] outside
}

func Example_blockingFromAsync() {
	notebook.Show(blockingFromAsync)
	// Output:
	// the loop goes on
	// rows of orders
	// rows of guests
}

func Example_cpuFromServer() {
	notebook.Show(cpuFromServer)
	// Output:
	// 168 primes below 1000
	// 669 primes below 5000
	// 1229 primes below 10000
}
