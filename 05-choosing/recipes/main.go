// Recipes, beside chapter 05: what people need every week, once in Python and
// once in Go.
//
//	go run ./05-choosing/recipes              all of them
//	go run ./05-choosing/recipes first-error  one of them
package main

import (
	"context"
	"embed"
	"io"
	"os"
	"os/signal"
	"slices"

	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/virtual"
)

//go:embed *.py recorded.json
var files embed.FS

var chapter = notebook.Chapter{
	Name:   "05-choosing/recipes",
	Title:  "Recipes",
	Answer: "What you need every week, ready to paste, in Python and in Go: many at once, a time limit, a clean end.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "many-downloads", Title: "How do I download many pages, ten at a time?",
			Shows: "Forty pages, ten at a time.",
			Demo:  manyDownloads},
		{Name: "limited-tasks", Title: "How do I run asyncio tasks, only so many at a time?",
			Shows: "Seven pages are wanted, and three are fetched at a time.",
			Demo:  limitedTasks},
		{Name: "first-error", Title: "One has failed: how do I stop the rest?",
			Shows: "Three shops are asked; one fails, and the others are stopped.",
			Demo:  firstError},
		{Name: "all-errors", Title: "How do I collect all the errors, and not only the first?",
			Shows: "Four hosts are checked, and all that's wrong is reported.",
			Demo:  allErrors},
		{Name: "as-they-come", Title: "How do I use each result as soon as it comes?",
			Shows: "Three stations are asked at once, and each answer is shown as it comes.",
			Demo:  asTheyCome},
		{Name: "partial-answers", Title: "How do I go on with the answers that are there in time?",
			Shows: "Three services are asked; one fails and one is late, and the rest is used.",
			Demo:  partialAnswers},
		{Name: "worker-pool", Title: "How do I feed workers, and end them cleanly?",
			Shows: "Three workers take jobs until there are no more; one job is broken.",
			Demo:  workerPool},
		{Name: "pipeline", Title: "How do I build a pipeline in which the fast wait for the slow?",
			Shows: "Photos are opened, shrunk and uploaded. The uploads are slow, so the others wait.",
			Demo:  pipeline},
		{Name: "store-batches", Title: "How do I make batches, by size or by time?",
			Shows: "Rows come one by one, and are stored by three, or after a moment.",
			Demo:  storeBatches},
		{Name: "keep-newest", Title: "How do I keep the newest when a queue is full?",
			Shows: "A slow client misses the oldest prices, and holds nobody up.",
			Demo:  keepNewest},
		{Name: "process-progress", Title: "How do I compute on all CPUs, and show progress?",
			Shows: "Primes are counted in processes, and their progress is shown.",
			Demo:  processProgress},
		{Name: "rate-limit", Title: "How do I send no more than so many requests a second?",
			Shows: "Five requests come at once, and leave one after another.",
			Demo:  rateLimit},
		{Name: "retries", Title: "How do I try again, without making it worse?",
			Shows: "A server is down twice. Then it refuses the password, and then it stays down.",
			Demo:  retries},
		{Name: "blocking-timeout", Title: "How do I stop waiting for a call that blocks?",
			Shows: "A call that blocks, and has no timeout of its own, is given some time.",
			Demo:  blockingTimeout},
		{Name: "hedged-request", Title: "How do I ask a second server when the first is slow?",
			Shows: "The first replica doesn't answer. After a moment the next one is asked, too.",
			Demo:  hedgedRequest},
		{Name: "graceful-shutdown", Title: "How do I end a server on Ctrl-C without cutting requests off?",
			Shows: "A server is told to stop, and gives what's under way some time.",
			Demo:  gracefulShutdown},
		{Name: "every-minute", Title: "How do I run a job every minute?",
			Shows: "A job is due again and again, and one of its runs fails.",
			Demo:  everyMinute},
		{Name: "run-program", Title: "How do I run a program with a time limit?",
			Shows: "Programs are run: one is done, one fails, one takes too long.",
			Demo:  runProgram},
		{Name: "load-once", Title: "How do I load something once, for all threads?",
			Shows: "Four threads want the same rate. The first try to load it fails.",
			Demo:  loadOnce},
		{Name: "config-swap", Title: "How do I replace a configuration while it's in use?",
			Shows: "The configuration is replaced while a request is under way.",
			Demo:  configSwap},
		{Name: "answer-cache", Title: "Many ask the same: how do I fetch it only once?",
			Shows: "Three ask for the same page, and one download is enough.",
			Demo:  answerCache},
		{Name: "request-values", Title: "How does my log know which request it's about?",
			Shows: "Two requests are under way, and each line of the log says whose it is.",
			Demo:  requestValues},
		{Name: "blocking-from-async", Title: "How do I call blocking code from asyncio?",
			Shows: "A library blocks, and the event loop goes on.",
			Demo:  blockingFromAsync},
		{Name: "thread-to-loop", Title: "How do I hand something from a thread to asyncio?",
			Shows: "A thread reads what comes in, and hands it on.",
			Demo:  threadToLoop},
		{Name: "cpu-from-server", Title: "How does my server compute and still answer?",
			Shows: "A server computes in processes, so that it still answers.",
			Demo:  cpuFromServer},
	},
}

// waits names the recipes whose Go depends on a time. On the page it's a short
// one, in real time; here the clock jumps, so that no other program can disturb it.
var waits = []string{"as-they-come", "store-batches", "retries", "graceful-shutdown"}

func main() {
	for i, s := range chapter.Sections {
		if slices.Contains(waits, s.Name) {
			chapter.Sections[i].Demo = inVirtualTime(s.Demo)
		}
	}
	notebook.Main(chapter)
}

func inVirtualTime(recipe func(context.Context, io.Writer) error) func(context.Context, io.Writer) error {
	// The goroutine that os/signal starts, once, is not to be one of a recipe's.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	signal.Stop(signals)
	return func(ctx context.Context, w io.Writer) error {
		return virtual.Run(ctx, func(ctx context.Context) error { return recipe(ctx, w) })
	}
}
