// The toolbox: what stands beside mutex, semaphore, condition and event, in
// Python's library and in Go's.
//
//	go run ./06-sync-primitives/toolbox        all of it
//	go run ./06-sync-primitives/toolbox queue  one section of it
package main

import (
	_ "embed"

	"concurrency-notebook/internal/notebook"
)

//go:embed twin.py
var twin string

var chapter = notebook.Chapter{
	Name:   "06-sync-primitives/toolbox",
	Title:  "The toolbox",
	Answer: "Block instead of asking, let one do what all need, and give every wait a way out: there is a tool for each, and it costs nanoseconds.",
	Twin:   twin,
	Sections: []notebook.Section{
		{Name: "queue", Title: "Queue", Claims: []string{"6.20", "6.21"},
			Demo: queue, Experiment: compareQueues},
	},
}

func main() { notebook.Main(chapter) }
