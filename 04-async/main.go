// Chapter 04: one thread that serves many coroutines, and why Go has no need
// of it.
//
//	go run ./04-async             the whole chapter
//	go run ./04-async event-loop  one section of it
package main

import (
	"embed"

	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/notebook"
)

//go:embed *.py recorded.json
var files embed.FS

// A verdict on the loop that this chapter builds is none on Go, which needs no
// loop.
const ourLoop notebook.Subject = "eventloop"

var chapter = notebook.Chapter{
	Name:   "04-async",
	Title:  "The asynchronous world",
	Answer: "An event loop lets one thread wait for many things at once; in Go the runtime is that loop, and plain blocking code runs on it.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "two-worlds", Title: "Two worlds", Claims: []string{"S1", "S2", "4.5"},
			Demo: twoWorlds, Experiment: compareWorlds},
		{Name: "readiness", Title: "From blocking to readiness", Claims: []string{"4.10"},
			Demo: readiness, Experiment: compareAsking},
		{Name: "event-loop", Title: "An event loop in thirty lines", Claims: []string{"4.1"},
			Demo: eventLoop, Experiment: compareTurns},
		{Name: "coroutines", Title: "Coroutines and await", Claims: []string{"4.7"},
			Demo: coroutines, Experiment: countWakeUps},
		{Name: "task-groups", Title: "Tasks and groups", Claims: []string{"4.11", "4.12"},
			Demo: taskGroups, Experiment: compareFailures},
		{Name: "timeouts", Title: "Timeouts and cancellation", Claims: []string{"4.13", "4.14", "4.15"},
			Demo: timeouts, Experiment: compareCancelling},
		{Name: "never-block", Title: "Never block the loop", Claims: []string{"4.4", "4.8"},
			Demo: neverBlock, Experiment: compareBlocking},
		{Name: "green-threads", Title: "Green threads", Claims: []string{"4.2", "4.3"},
			Demo: greenThreads, Experiment: compareSpinners},
		{Name: "ten-thousand", Title: "Ten thousand connections", Claims: []string{"4.26"},
			Demo: tenThousand, Experiment: holdConnections},
		{Name: "one-world", Title: "Go’s one world", Claims: []string{"4.9"},
			Demo: oneWorld, Experiment: compareWaits},
		{Name: "costs", Title: "What it costs", Claims: []string{"4.20", "4.21", "4.22", "4.23", "4.24", "4.25"},
			Demo: costs, Experiment: compareCosts},
	},
}

func main() {
	if again.Serve() {
		return
	}
	notebook.Main(chapter)
}
