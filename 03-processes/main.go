// Chapter 03: what a process is, what it buys, and what it costs to start one.
//
//	go run ./03-processes            the whole chapter
//	go run ./03-processes cpu-bound  one section of it
package main

import (
	"embed"

	"concurrency-notebook/03-processes/procpool"
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
	Answer: "A process has a memory and, in Python, a GIL of its own, so pure Python computes in parallel there. Go needs processes only to keep things apart.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "own-memory", Title: "Own memory", Claims: []string{"3.4"},
			Demo: ownMemory, Experiment: compareMemories},
		{Name: "cpu-bound", Title: "CPU-bound work", Claims: []string{"S15", "S16", "S17"},
			Demo: cpuBound, Experiment: compareCPUBound},
		{Name: "break-even", Title: "How much work is enough", Claims: []string{"3.2"},
			Demo: breakEven, Experiment: measureBreakEven},
		{Name: "io-bound", Title: "I/O-bound work", Claims: []string{"S18"},
			Demo: ioBound, Experiment: compareIOBound},
		{Name: "starting-cost", Title: "What starting a process costs", Claims: []string{"3.3", "3.7"},
			Demo: startingCost, Experiment: compareStarts},
		{Name: "talking", Title: "Talking to a worker", Claims: []string{"3.5"},
			Demo: talking, Experiment: compareTalking},
		{Name: "pool-map", Title: "A pool: order, chunks and errors", Claims: []string{"3.6"},
			Demo: poolMap, Experiment: compareChunks},
		{Name: "worker-dies", Title: "When a worker dies", Claims: []string{"3.8", "3.9"},
			Demo: workerDies, Experiment: compareDeaths},
		{Name: "costs", Title: "What it costs", Page: "procpool", Claims: []string{"3.10", "3.11", "3.12", "3.13", "3.14"},
			Demo: costs, Experiment: measureCosts},
	},
}

func main() {
	procpool.Serve() // a worker process goes no further
	notebook.Main(chapter)
}
