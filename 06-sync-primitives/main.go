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

// A verdict on package primitive is none on Go's own tools.
const ourPrimitives notebook.Subject = "primitive"

var chapter = notebook.Chapter{
	Name:   "06-sync-primitives",
	Title:  "Synchronization primitives",
	Answer: "A mutex lets in one at a time, a semaphore a few; a condition waits until something is true; an event tells everybody at once.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "why-at-all", Title: "Why at all", Claims: []string{"6.1", "6.2"},
			Shows: "Two clerks share a counter, a list and a map. Without a lock some of their sales get lost.",
			Demo:  whyAtAll, Experiment: countLosses},
		{Name: "costs", Title: "What it costs", Page: "primitive", Claims: []string{"6.34", "6.35", "6.36", "6.37", "6.38", "6.39"},
			Shows: "Where nobody has to wait, how often do a thousand operations allocate memory?",
			Demo:  costs, Experiment: measureCosts},
		{Name: "mutex", Title: "Mutex", Claims: []string{"6.3", "6.4", "6.9"},
			Shows: "A cook changes the menu while a guest reads it, in three ways.",
			Demo:  mutex, Experiment: countTornReads},
		{Name: "semaphore", Title: "Semaphore", Claims: []string{"6.10", "6.11"},
			Shows: "Twelve clients, and never more than three of them inside.",
			Demo:  limitWithSemaphore, Experiment: compareLimits},
		{Name: "condition", Title: "Condition", Claims: []string{"6.13", "6.14", "6.15"},
			Shows: "A counter with room for two dishes; a guest is woken for nothing, and another loses patience.",
			Demo:  condition, Experiment: countLooks},
		{Name: "event", Title: "Event", Claims: []string{"6.12", "6.16"},
			Shows: "The doors open, and everybody goes in; at closing time everybody stops.",
			Demo:  event, Experiment: releaseWaiters},
	},
}

func main() { notebook.Main(chapter) }
