// Chapter 02: the lock of CPython that lets one thread at a time run Python
// code, and what it does to threads that compute and to threads that wait.
//
//	go run ./02-gil            the whole chapter
//	go run ./02-gil cpu-bound  one section of it
package main

import (
	"embed"

	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/notebook"
)

//go:embed *.py recorded.json
var files embed.FS

// A verdict on the lock that this chapter rebuilds is none on Go, which has no
// such lock.
const theModel notebook.Subject = "gil"

var chapter = notebook.Chapter{
	Name:   "02-gil",
	Title:  "The global interpreter lock",
	Answer: "In the usual build of CPython, one thread of an interpreter at a time runs Python code: threads that compute gain nothing from each other, threads that wait do. Go has no such lock.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "one-at-a-time", Title: "One at a time", Claims: []string{"S7", "S8", "S9"},
			Demo: oneAtATime, Experiment: countThoseInside},
		{Name: "cpu-bound", Title: "CPU-bound threads", Claims: []string{"S10", "S11", "2.14", "2.17"},
			Demo: cpuBound, Experiment: compareCPUBound},
		{Name: "half-the-time", Title: "Half the processor time", Claims: []string{"S12"},
			Demo: halfTheTime, Experiment: measureShares},
		{Name: "io-bound", Title: "I/O-bound threads", Claims: []string{"S14"},
			Demo: ioBound, Experiment: compareIOBound},
		{Name: "convoy", Title: "The convoy", Claims: []string{"S13", "2.15", "2.16"},
			Demo: convoy, Experiment: compareConvoys},
		{Name: "c-call", Title: "The call that never lets go", Claims: []string{"2.10"},
			Demo: cCall, Experiment: compareSilences},
		{Name: "plus-equals", Title: "The GIL does not make += safe", Claims: []string{"2.12"},
			Demo: plusEquals, Experiment: countLostUpdates},
		{Name: "without-gil", Title: "Life without it", Claims: []string{"2.13"},
			Demo: withoutGIL, Experiment: compareWithoutGIL},
	},
}

func main() {
	if again.Serve() {
		return
	}
	notebook.Main(chapter)
}
