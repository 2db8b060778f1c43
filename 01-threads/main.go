// Chapter 01: what a thread is, what threads share, and when they run at the
// same time.
//
//	go run ./01-threads                the whole chapter
//	go run ./01-threads shared-memory  one section of it
package main

import (
	"embed"

	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/notebook"
)

//go:embed *.py recorded.json
var files embed.FS

// programs race, and so cannot be part of this one.
//
//go:embed testdata
var programs embed.FS

var chapter = notebook.Chapter{
	Name:   "01-threads",
	Title:  "Threads",
	Answer: "Threads share their program's memory and run in no order that you can rely on. Whether two of them compute at the same time depends on your machine and on your language.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "smallest-unit", Title: "The smallest unit", Claims: []string{"S3", "1.6"},
			Shows: "Fifty threads and ten thousand lighter tasks: does the system run each of them?",
			Demo:  smallestUnit, Experiment: countThreads},
		{Name: "shared-memory", Title: "Shared memory", Claims: []string{"S4"},
			Shows: "Three cooks write into one global variable; main reads it.",
			Demo:  sharedMemory, Experiment: readWhatAnotherWrote},
		{Name: "any-order", Title: "In any order", Claims: []string{"S6"},
			Shows: "The tea waits for its water, the toast doesn't wait for the tea, and four dishes finish in any order.",
			Demo:  anyOrder, Experiment: countOrders},
		{Name: "seen-by-all", Title: "Seen by all threads", Claims: []string{"S5"},
			Shows: "One cooks, another waits to be told: by a flag, and through a queue.",
			Demo:  seenByAll, Experiment: findRaces},
		{Name: "lost-update", Title: "The lost update",
			Shows: "Two sell a ticket each, and both read the counter before one of them writes it.",
			Demo:  lostUpdate},
		{Name: "concurrent-or-parallel", Title: "Concurrent or parallel", Claims: []string{"S7"},
			Shows: "Two cooks share one stove: both dishes are under way, and one cook works at a time.",
			Demo:  concurrentOrParallel, Experiment: compareProcessors},
		{Name: "io-in-threads", Title: "I/O in threads", Claims: []string{"1.8"},
			Shows: "A site that answers nobody until ten are waiting:",
			Demo:  ioInThreads, Experiment: compareFetching},
		{Name: "thread-cost", Title: "What a thread costs", Claims: []string{"1.9"},
			Shows: "A thousand guests who are all there at the same time:",
			Demo:  threadCost, Experiment: measureThreadCost},
		{Name: "life-and-death", Title: "Life and death", Claims: []string{"1.10"},
			Shows: "One cook is done, the other's kitchen burns, and main hears of both:",
			Demo:  lifeAndDeath, Experiment: compareEndings},
	},
}

func main() {
	if again.Serve() {
		return
	}
	notebook.Main(chapter)
}
