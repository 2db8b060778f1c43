// Chapter 04: one thread that serves many coroutines, and why Go has no need
// of it.
//
//	go run ./04-async             the whole chapter
//	go run ./04-async event-loop  one section of it
package main

import (
	_ "embed"

	"concurrency-notebook/internal/notebook"
)

//go:embed twin.py
var twin string

var chapter = notebook.Chapter{
	Name:   "04-async",
	Title:  "The asynchronous world",
	Answer: "An event loop lets one thread wait for many things at once; in Go the runtime is that loop, and plain blocking code runs on it.",
	Twin:   twin,
	Sections: []notebook.Section{
		{Name: "event-loop", Title: "An event loop in thirty lines", Claims: []string{"4.1"},
			Demo: eventLoop, Experiment: compareTurns},
		{Name: "task-groups", Title: "Tasks and groups", Claims: []string{"4.11", "4.12"},
			Demo: taskGroups, Experiment: compareFailures},
		{Name: "timeouts", Title: "Timeouts and cancellation", Claims: []string{"4.13", "4.14", "4.15"},
			Demo: timeouts, Experiment: compareCancelling},
		{Name: "never-block", Title: "Never block the loop", Claims: []string{"4.4", "4.8"},
			Demo: neverBlock, Experiment: compareBlocking},
		{Name: "green-threads", Title: "Green threads", Claims: []string{"4.2", "4.3"},
			Demo: greenThreads, Experiment: compareSpinners},
		{Name: "many-waits", Title: "Many waits at once", Claims: []string{"4.9"},
			Demo: manyWaits, Experiment: compareWaits},
	},
}

func main() { notebook.Main(chapter) }
