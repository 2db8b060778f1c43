// The toolbox: what stands beside mutex, semaphore, condition and event, in
// Python's library and in Go's.
//
//	go run ./06-sync-primitives/toolbox           all of it
//	go run ./06-sync-primitives/toolbox errgroup  one section of it
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
	Name:   "06-sync-primitives/toolbox",
	Title:  "The toolbox",
	Answer: "Wait instead of polling, share work instead of repeating it, and be able to give up: there's a tool for each.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "errgroup", Title: "A few at a time, until the first error", Claims: []string{"6.29", "6.30"},
			Shows: "Two dishes at a time, and all stop when one is burnt.",
			Demo:  cancelWithErrgroup, Experiment: compareGroups},
		{Name: "bounded-queue", Title: "A queue with a limit", Claims: []string{"6.20", "6.21"},
			Shows: "A queue with room for two orders, and a cook that takes them.",
			Demo:  boundedQueue, Experiment: compareQueues},
		{Name: "once", Title: "Once", Claims: []string{"6.27", "6.28"},
			Shows: "A hundred guests ask for the menu, and it's printed once.",
			Demo:  once, Experiment: compareOnce},
		{Name: "singleflight", Title: "One asks for all", Claims: []string{"6.31"},
			Shows: "Ten guests ask for a price that isn't in the cache.",
			Demo:  fetchWithSingleflight, Experiment: compareFlights},
		{Name: "read-write-lock", Title: "Read-write lock", Claims: []string{"6.24", "6.25", "6.26"},
			Shows: "One reads. May another read, and may another write?",
			Demo:  readWriteLock, Experiment: compareReaders},
		{Name: "barrier", Title: "Barrier", Claims: []string{"6.22", "6.23"},
			Shows: "Three cooks serve each course together, until one loses patience.",
			Demo:  barrier, Experiment: compareRounds},
		{Name: "context", Title: "A deadline for every wait", Claims: []string{"6.40", "6.32", "6.33"},
			Shows: "Three waits that would last forever, and one deadline for all of them.",
			Demo:  waitWithContext, Experiment: compareWakeUps},
	},
}

func main() { notebook.Main(chapter) }
