// Pitfalls, beside chapter 06: twelve small programs that go wrong, what each
// shows when it does, what finds it, and what cures it.
//
//	go run ./06-sync-primitives/pitfalls             all of them
//	go run ./06-sync-primitives/pitfalls lock-order  one of them
//
// The programs lie under testdata, a broken and a cured one for each pitfall.
package main

import (
	"embed"

	"concurrency-notebook/internal/notebook"
)

//go:embed recorded.json
var files embed.FS

var chapter = notebook.Chapter{
	Name:   "06-sync-primitives/pitfalls",
	Title:  "Pitfalls",
	Answer: "No tool finds them all: the race detector, the runtime, vet and a test each see what the others do not.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "lost-update", Title: "Lost update", Claims: []string{"6.40"},
			Demo: lostUpdate, Experiment: detectRace},
		{Name: "check-then-act", Title: "Check, then act", Claims: []string{"6.41"},
			Demo: checkThenAct, Experiment: sellTwice},
		{Name: "copied-lock", Title: "Copied lock", Claims: []string{"6.42"},
			Demo: copiedLock, Experiment: vetCopies},
		{Name: "lock-order", Title: "Lock order", Claims: []string{"6.43"},
			Demo: lockOrder, Experiment: lockCrosswise},
		{Name: "self-deadlock", Title: "Self-deadlock", Claims: []string{"6.44"},
			Demo: selfDeadlock, Experiment: lockAgain},
		{Name: "lost-wake-up", Title: "Lost wake-up", Claims: []string{"6.45"},
			Demo: lostWakeUp, Experiment: signalNobody},
		{Name: "forgotten-wait", Title: "Forgotten wait", Claims: []string{"6.46"},
			Demo: forgottenWait, Experiment: returnEarly},
		{Name: "closed-channel", Title: "Closed channel", Claims: []string{"6.47"},
			Demo: closedChannel, Experiment: sendOnClosed},
		{Name: "goroutine-leak", Title: "Goroutine leak", Claims: []string{"6.48"},
			Demo: goroutineLeak, Experiment: countLeaks},
		{Name: "starvation", Title: "Starvation", Claims: []string{"6.49"},
			Demo: starvation, Experiment: keepReadersComing},
		{Name: "thundering-herd", Title: "Thundering herd", Claims: []string{"6.50"},
			Demo: thunderingHerd, Experiment: countWoken},
		{Name: "busy-waiting", Title: "Busy waiting", Claims: []string{"6.51"},
			Demo: busyWaiting, Experiment: compareCPUTime},
	},
	Close: shelf.Close,
}

func main() { notebook.Main(chapter) }
