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
	Answer: "An event loop lets one thread wait for many things at once, as long as nothing on it blocks. In Go the runtime is that loop, and ordinary blocking code runs on it.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "two-worlds", Title: "Two worlds", Claims: []string{"S1", "S2", "4.5"},
			Shows: "Soup and cake, one after another and at once: how many are on the stove?",
			Demo:  twoWorlds, Experiment: compareWorlds},
		{Name: "coroutines", Title: "Coroutines and await", Claims: []string{"4.6"},
			Shows: "Five awaits: does anything else run meanwhile?",
			Demo:  coroutines, Experiment: countSuspensions},
		{Name: "task-groups", Title: "Tasks and groups", Claims: []string{"4.11", "4.12", "4.16"},
			Shows: "The soup burns. What happens to the cake?",
			Demo:  taskGroups, Experiment: compareFailures},
		{Name: "timeouts", Title: "Timeouts and cancellation", Claims: []string{"4.13", "4.14", "4.15"},
			Shows: "Three guests have a moment each. Are they gone after it?",
			Demo:  timeouts, Experiment: compareCancelling},
		{Name: "never-block", Title: "Never block the loop", Claims: []string{"4.4", "4.8"},
			Shows: "A cook blocks his thread. Can the bell ring meanwhile?",
			Demo:  neverBlock, Experiment: compareBlocking},
		{Name: "event-loop", Title: "An event loop in thirty lines", Claims: []string{"4.1"},
			Shows: "The waiter waits for a socket, the guest waits for the clock.",
			Demo:  eventLoop, Experiment: compareTurns},
		{Name: "faster-than-threads", Title: "Is it faster than threads?", Claims: []string{"4.9"},
			Shows: "A site that answers nobody until ten are waiting:",
			Demo:  fasterThanThreads, Experiment: compareWaits},
		{Name: "ten-thousand", Title: "Ten thousand connections", Claims: []string{"4.17"},
			Shows: "Twenty guests sit down and say nothing, until one of them does.",
			Demo:  tenThousand, Experiment: holdConnections},
		{Name: "one-world", Title: "Go's one world", Claims: []string{"4.3"},
			Shows: "Does Ada let Bob go on?",
			Demo:  oneWorld, Experiment: compareSpinners},
		{Name: "costs", Title: "What it costs", Page: "eventloop", Claims: []string{"4.20", "4.21", "4.23", "4.24", "4.25", "4.26"},
			Shows: "A thousand coroutines sleep for an hour (the clock is virtual).",
			Demo:  costs, Experiment: measureCosts},
	},
}

func main() {
	if again.Serve() {
		return
	}
	notebook.Main(chapter)
}
