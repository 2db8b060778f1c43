// Chapter 06: mutex, semaphore, condition, event: how threads keep out of each
// other's way, and how they wait for each other.
//
//	go run ./06-sync-primitives        the whole chapter
//	go run ./06-sync-primitives mutex  one section of it
package main

import (
	_ "embed"

	"concurrency-notebook/internal/notebook"
)

//go:embed twin.py
var twin string

var chapter = notebook.Chapter{
	Name:   "06-sync-primitives",
	Title:  "Synchronization primitives",
	Answer: "A mutex keeps others out, a semaphore lets so many in, a condition waits until something is true, an event tells everybody at once.",
	Twin:   twin,
	Sections: []notebook.Section{
		{Name: "mutex", Title: "Mutex", Claims: []string{"6.1", "6.4"},
			Demo: mutex, Experiment: countLostUpdates},
		{Name: "semaphore", Title: "Semaphore", Claims: []string{"6.10"},
			Demo: limitWithSemaphore, Experiment: compareLimits},
		{Name: "condition", Title: "Condition", Claims: []string{"6.13"},
			Demo: condition, Experiment: compareWaiting},
		{Name: "event", Title: "Event", Claims: []string{"6.12"},
			Demo: event, Experiment: releaseWaiters},
	},
}

func main() { notebook.Main(chapter) }
