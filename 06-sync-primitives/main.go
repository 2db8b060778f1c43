// Chapter 06: mutex, semaphore, condition, event: how threads keep out of each
// other's way, and how they wait for each other.
//
//	go run ./06-sync-primitives        the whole chapter
//	go run ./06-sync-primitives mutex  one section of it
//
// Beside it there are a toolbox, pitfalls and classic problems, each a chapter
// of its own, and package primitive, which all of them use.
package main

import (
	"embed"

	"concurrency-notebook/internal/notebook"
)

//go:embed *.py recorded.json
var files embed.FS

var chapter = notebook.Chapter{
	Name:   "06-sync-primitives",
	Title:  "Synchronization primitives",
	Answer: "A mutex keeps others out, a semaphore lets a few in, a condition waits until something is true, an event tells everybody at once.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "why-at-all", Title: "Why at all", Claims: []string{"6.1", "6.2"},
			Demo: whyAtAll, Experiment: countLostUpdates},
		{Name: "mutex", Title: "Mutex", Claims: []string{"6.3", "6.4", "6.9"},
			Demo: mutex, Experiment: countTornReads},
		{Name: "semaphore", Title: "Semaphore", Claims: []string{"6.10", "6.11"},
			Demo: limitWithSemaphore, Experiment: compareLimits},
		{Name: "condition", Title: "Condition", Claims: []string{"6.13", "6.14", "6.15"},
			Demo: condition, Experiment: compareWaiting},
		{Name: "event", Title: "Event", Claims: []string{"6.12", "6.16"},
			Demo: event, Experiment: releaseWaiters},
	},
}

func main() { notebook.Main(chapter) }
