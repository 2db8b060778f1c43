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
	Answer: "The threads of a process share its memory and take turns, or run at the same time where the system, and in Python the GIL, lets them.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "smallest-unit", Title: "The smallest unit", Claims: []string{"S3", "1.6"},
			Demo: smallestUnit, Experiment: countThreads},
		{Name: "shared-memory", Title: "Shared memory", Claims: []string{"S4"},
			Demo: sharedMemory, Experiment: countThreadsAndAddresses},
		{Name: "seen-by-all", Title: "Seen by all threads", Claims: []string{"S5"},
			Demo: seenByAll, Experiment: findRaces},
		{Name: "lost-update", Title: "The lost update", Claims: []string{"S6"},
			Demo: lostUpdate, Experiment: countLostUpdates},
		{Name: "concurrent-or-parallel", Title: "Concurrent or parallel", Claims: []string{"S7"},
			Demo: concurrentOrParallel, Experiment: compareProcessors},
		{Name: "io-in-threads", Title: "I/O in threads", Claims: []string{"1.8"},
			Demo: ioInThreads, Experiment: compareFetching},
		{Name: "thread-cost", Title: "What a thread costs", Claims: []string{"1.9"},
			Demo: threadCost, Experiment: measureThreadCost},
		{Name: "life-and-death", Title: "Life and death", Claims: []string{"1.10"},
			Demo: lifeAndDeath, Experiment: compareEndings},
	},
}

func main() {
	if again.Serve() {
		return
	}
	notebook.Main(chapter)
}
