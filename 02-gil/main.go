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

var chapter = notebook.Chapter{
	Name:   "02-gil",
	Title:  "The global interpreter lock",
	Answer: "In the usual build of CPython, only one thread of an interpreter at a time runs Python code. Threads that wait can wait at the same time; threads that compute have to take turns. Go has no such lock.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "cpu-bound", Title: "CPU-bound threads", Claims: []string{"S10", "S11", "S12", "S7", "S9"},
			Shows: "The same loop, all of it in one thread, and shared by two and by four.",
			Demo:  cpuBound, Experiment: compareCPUBound},
		{Name: "letting-go", Title: "What releases the GIL", Claims: []string{"S14", "S8"},
			Shows: "A cook waits for an order that main can only write while the cook waits.",
			Demo:  lettingGo, Experiment: compareLettingGo},
		{Name: "decides", Title: "How the GIL changes hands",
			Shows: "A copy of CPython's lock, in virtual time. Ada computes; Grace computes and waits for a site in between.",
			Demo:  decides},
		{Name: "convoy", Title: "The convoy", Claims: []string{"S13"},
			Shows: "A server answers pings, alone and beside a thread that computes.",
			Demo:  convoy, Experiment: compareConvoys},
		{Name: "c-call", Title: "The call that keeps the GIL", Claims: []string{"2.10"},
			Shows: "A long call into C, where it can't keep anybody waiting.",
			Demo:  cCall, Experiment: compareSilences},
		{Name: "plus-equals", Title: "The GIL does not make += safe", Claims: []string{"2.12"},
			Shows: "In the middle of one +=, another thread sells a hundred tickets.",
			Demo:  plusEquals, Experiment: countLostUpdates},
		{Name: "without-gil", Title: "Life without the GIL", Claims: []string{"2.13", "2.18"},
			Shows: "The same work, in two interpreters that have a lock each, where there are such.",
			Demo:  withoutGIL, Experiment: compareWithoutGIL},
		{Name: "model", Title: "How close it comes", Page: "gil", Claims: []string{"2.14", "2.15"},
			Shows: "A second's work in one, two and four threads of the copy, and a ping beside one that computes, in virtual time.",
			Demo:  model, Experiment: measureModel},
	},
}

func main() {
	if again.Serve() {
		return
	}
	notebook.Main(chapter)
}
