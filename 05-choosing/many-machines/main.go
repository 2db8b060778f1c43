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

	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/notebook"
)

//go:embed recorded.json
var files embed.FS

var chapter = notebook.Chapter{
	Name:   "05-choosing/many-machines",
	Title:  "Many machines",
	Answer: "A queue keeps your tasks when a machine dies, and hands them out again: so each may be done twice, and has to be safe to repeat.",
	Files:  files,
	Run:    "go run -C 05-choosing/many-machines .",
	Sections: []notebook.Section{
		{Name: "work-queue", Title: "A queue, and workers on other machines",
			Shows: "Two workers, each a process that knows only the server's address.",
			Demo:  workQueue},
		{Name: "worker-dies", Title: "A worker dies",
			Shows: "Eight tables, and a worker that is killed while it serves one.",
			Demo:  workerDies},
		{Name: "server-dies", Title: "A server dies",
			Shows: "Three servers keep the queue. One of them is killed.",
			Demo:  serverDies},
		{Name: "same-message-twice", Title: "The same message twice",
			Shows: "An order is sent twice, and a task is done twice.",
			Demo:  sameMessageTwice},
		{Name: "poison-task", Title: "A task that always fails",
			Shows: "Five orders. The second one fails, whoever tries.",
			Demo:  poisonTask},
		{Name: "back-pressure", Title: "Too much work",
			Shows: "A queue with room for three, and a worker that may have two tasks at a time.",
			Demo:  backPressure},
		{Name: "slow-worker", Title: "A slow worker",
			Shows: "A task takes longer than its lease.",
			Demo:  slowWorker},
		{Name: "start-again", Title: "Stop everything, and start again",
			Shows: "The server is stopped, and then it's killed.",
			Demo:  startAgain},
	},
}

func main() {
	if again.Serve() {
		return
	}
	notebook.Main(chapter)
}
