// The toolbox: what stands beside mutex, semaphore, condition and event, in
// Python's library and in Go's.
//
//	go run ./06-sync-primitives/toolbox        all of it
//	go run ./06-sync-primitives/toolbox queue  one section of it
package main

import (
	"embed"

	"concurrency-notebook/internal/notebook"
)

//go:embed *.py recorded.json
var files embed.FS

// A verdict on what package primitive costs is none on Go's own tools.
const ourPrimitives notebook.Subject = "primitive"

var chapter = notebook.Chapter{
	Name:   "06-sync-primitives/toolbox",
	Title:  "The toolbox",
	Answer: "Wait instead of polling, share work instead of repeating it, and be able to give up: there is a tool for each.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "queue", Title: "Queue", Claims: []string{"6.20", "6.21"},
			Demo: queue, Experiment: compareQueues},
		{Name: "barrier", Title: "Barrier", Claims: []string{"6.22", "6.23"},
			Demo: barrier, Experiment: compareRounds},
		{Name: "read-write-lock", Title: "Read-write lock", Claims: []string{"6.24", "6.25", "6.26"},
			Demo: readWriteLock, Experiment: compareReaders},
		{Name: "once", Title: "Once", Claims: []string{"6.27", "6.28"},
			Demo: once, Experiment: compareOnce},
		{Name: "errgroup", Title: "A group, and the first error", Claims: []string{"6.29", "6.30"},
			Demo: cancelWithErrgroup, Experiment: compareGroups},
		{Name: "singleflight", Title: "One asks for all", Claims: []string{"6.31"},
			Demo: fetchWithSingleflight, Experiment: compareFlights},
		{Name: "context", Title: "A way out of every wait", Claims: []string{"6.32", "6.33"},
			Demo: waitWithContext, Experiment: compareWakeUps},
		{Name: "costs", Title: "What the primitives cost", Claims: []string{"6.34", "6.35", "6.36", "6.37", "6.38", "6.39"},
			Demo: costs, Experiment: measureCosts},
	},
}

func main() { notebook.Main(chapter) }
