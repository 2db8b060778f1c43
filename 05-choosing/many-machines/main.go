// Many machines, beside chapter 05: what of the notebook carries over when the
// workers are machines, on a real engine, NATS JetStream.
//
//	go run -C 05-choosing/many-machines .             all of it
//	go run -C 05-choosing/many-machines . work-queue  one section of it
//
// It is a module of its own, so that the rest of the notebook needs no server.
package main

import (
	"embed"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/notebook"
)

//go:embed recorded.json
var files embed.FS

// A verdict on the engine is none on a language.
const jetStream notebook.Subject = "JetStream"

var chapter = notebook.Chapter{
	Name:   "05-choosing/many-machines",
	Title:  "Many machines",
	Answer: "A queue keeps your tasks when a machine dies, and hands them out again: so each may be done twice, and has to be safe to repeat.",
	Files:  files,
	Run:    "go run -C 05-choosing/many-machines .",
	Sections: []notebook.Section{
		{Name: "work-queue", Title: "A queue, and workers on other machines", Claims: []string{"5.7"},
			Shows: "Two workers, each a process that knows only the server's address.",
			Demo:  workQueue, Experiment: measureQueue},
		{Name: "worker-dies", Title: "A worker dies", Claims: []string{"5.8"},
			Shows: "Eight tables, and a worker that is killed while it serves one.",
			Demo:  workerDies, Experiment: measureWorkerDeaths},
		{Name: "server-dies", Title: "A server dies", Claims: []string{"5.9"},
			Shows: "Three servers keep the queue. One of them is killed.",
			Demo:  serverDies, Experiment: measureServerDeath},
		{Name: "same-message-twice", Title: "The same message twice", Claims: []string{"5.10"},
			Shows: "An order is sent twice, and a task is done twice.",
			Demo:  sameMessageTwice, Experiment: measureTwice},
		{Name: "poison-task", Title: "A task that always fails", Claims: []string{"5.11"},
			Shows: "Five orders. One of them fails with every worker.",
			Demo:  poisonTask, Experiment: measurePoison},
		{Name: "back-pressure", Title: "Too much work", Claims: []string{"5.12"},
			Shows: "A queue with room for three, and a worker that may have two tasks at a time.",
			Demo:  backPressure, Experiment: measurePressure},
		{Name: "slow-worker", Title: "A slow worker", Claims: []string{"5.13"},
			Shows: "A task takes longer than its lease.",
			Demo:  slowWorker, Experiment: measureLeases},
		{Name: "prefetch", Title: "Taken, but not begun",
			Shows: "Two workers share eight tasks. The first one takes all of them at once, or one at a time.",
			Demo:  prefetch},
		{Name: "start-again", Title: "Stop everything, and start again", Claims: []string{"5.14"},
			Shows: "The server is stopped, and then it's killed.",
			Demo:  startAgain, Experiment: measureRestarts},
	},
}

func main() {
	procpool.Serve() // a worker process of one machine goes no further
	if again.Serve() {
		return
	}
	notebook.Main(chapter)
}
