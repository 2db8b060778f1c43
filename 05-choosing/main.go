// Chapter 05: threads, processes or async? A function that decides, and the
// measurements that it rests on.
//
//	go run ./05-choosing           the whole chapter
//	go run ./05-choosing decision  one section of it
//	go run ./05-choosing advise    advice on a job of your own: -h tells more
package main

import (
	"embed"
	"os"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/notebook"
)

//go:embed *.py recorded.json
var files embed.FS

var chapter = notebook.Chapter{
	Name:   "05-choosing",
	Title:  "Making the right choice",
	Answer: "In Python it depends on how much your tasks compute and how many of them wait at once: processes, threads or asyncio. In Go, goroutines handle all of that, and processes only keep things apart.",
	Files:  files,
	Usage:  "For advice on a job of your own: go run ./05-choosing advise -h",
	Sections: []notebook.Section{
		{Name: "crash", Title: "A task that crashes", Claims: []string{"5.6"},
			Shows: "Ten tasks, and the fifth kills its process.", Demo: crash, Experiment: measureCrash},
		{Name: "matrix", Title: "The three rules", Claims: []string{"5.1", "5.2", "5.3"},
			Shows: "The same job in three ways.", Demo: matrix, Experiment: measureMatrix},
		{Name: "mixed", Title: "Beside a computation", Claims: []string{"5.4"},
			Shows: "An event loop computes, and answers requests.", Demo: mixed, Experiment: measureMixed},
		{Name: "decision", Title: "The decision",
			Shows: "What to take for six jobs on two CPUs.", Demo: decision},
		{Name: "workers", Title: "How many", Claims: []string{"5.5"},
			Shows: "How many workers keep two CPUs busy, and how many threads a GIL.", Demo: workers, Experiment: measureWorkers},
	},
}

func main() {
	procpool.Serve() // a worker process goes no further
	if again.Serve() {
		return
	}
	if len(os.Args) > 1 && os.Args[1] == "advise" {
		os.Exit(advise(os.Args[2:], os.Stdout, os.Stderr))
	}
	notebook.Main(chapter)
}
