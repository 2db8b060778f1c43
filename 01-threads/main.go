// Chapter 01: what a thread is, what threads share, and when they run at the
// same time.
//
//	go run ./01-threads                the whole chapter
//	go run ./01-threads shared-memory  one section of it
package main

import (
	_ "embed"

	"concurrency-notebook/internal/notebook"
)

//go:embed twin.py
var twin string

var chapter = notebook.Chapter{
	Name:   "01-threads",
	Title:  "Threads",
	Answer: "The threads of a process share its memory and take turns, or run at the same time where the system, and in Python the GIL, lets them.",
	Twin:   twin,
	Sections: []notebook.Section{
		{Name: "shared-memory", Title: "Shared memory", Claims: []string{"S4"},
			Demo: sharedMemory, Experiment: countThreadsAndAddresses},
		{Name: "concurrent-or-parallel", Title: "Concurrent or parallel", Claims: []string{"S7"},
			Demo: concurrentOrParallel, Experiment: compareProcessors},
	},
}

func main() { notebook.Main(chapter) }
