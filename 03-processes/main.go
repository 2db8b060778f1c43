// Chapter 03: what a process is, what it buys, and what it costs.
//
//	go run ./03-processes            the whole chapter
//	go run ./03-processes cpu-bound  one section of it
package main

import (
	"embed"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/notebook"
)

//go:embed *.py recorded.json
var files embed.FS

// A verdict on the pool that this chapter builds is none on Go, which needs none
// to compute in parallel.
const ourPool notebook.Subject = "procpool"

var chapter = notebook.Chapter{
	Name:   "03-processes",
	Title:  "Processes",
	Answer: "A process has its own memory and, in Python, its own GIL. So processes compute pure Python in parallel, if there's enough work to justify their start. Go needs them only to keep things apart.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "own-memory", Title: "Own memory", Claims: []string{"3.4"},
			Shows: "A worker process changes a global variable, and another one crashes.",
			Demo:  ownMemory, Experiment: compareMemories},
		{Name: "cpu-bound", Title: "CPU-bound work", Claims: []string{"S15", "S16", "S17"},
			Shows: "The same primes, counted by one process and by two workers.",
			Demo:  cpuBound, Experiment: compareCPUBound},
		{Name: "break-even", Title: "How much work is enough", Claims: []string{"3.2"},
			Shows: "Workers that are started for a job, and workers that stay.",
			Demo:  breakEven, Experiment: measureBreakEven},
		{Name: "io-bound", Title: "I/O-bound work", Claims: []string{"S18"},
			Shows: "A site that answers nobody until four are waiting:",
			Demo:  ioBound, Experiment: compareIOBound},
		{Name: "start-methods", Title: "Fork, spawn, forkserver", Claims: []string{"3.3", "3.7", "3.15"},
			Shows: "main has changed the menu. What does a fresh worker read?",
			Demo:  startMethods, Experiment: compareStarts},
		{Name: "talking", Title: "Talking to a worker", Claims: []string{"3.5"},
			Shows: "A worker adds a guest to the order that it's sent.",
			Demo:  talking, Experiment: compareTalking},
		{Name: "pool-map", Title: "A pool: order, chunks and errors", Claims: []string{"3.6"},
			Shows: "A kettle is shared by one cook, by two, three and four, and by minus three.",
			Demo:  poolMap, Experiment: compareChunks},
		{Name: "worker-dies", Title: "When a worker dies", Claims: []string{"3.8", "3.9"},
			Shows: "The first worker to come to table 2 dies there.",
			Demo:  workerDies, Experiment: compareDeaths},
		{Name: "costs", Title: "What it costs", Page: "procpool", Claims: []string{"3.10", "3.11", "3.12", "3.13", "3.14"},
			Shows: "The bare program, and a worker that is the same program:",
			Demo:  costs, Experiment: measureCosts},
	},
}

func main() {
	procpool.Serve() // a worker process goes no further
	if again.Serve() {
		return
	}
	notebook.Main(chapter)
}
