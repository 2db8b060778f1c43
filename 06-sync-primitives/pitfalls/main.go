// Pitfalls, beside chapter 06: thirteen small programs that go wrong, what each
// says when it does, what finds it, and the cure.
//
//	go run ./06-sync-primitives/pitfalls             all of them
//	go run ./06-sync-primitives/pitfalls lock-order  one of them
//
// The programs are under testdata, a broken and a cured one for each pitfall, in
// Python and in Go.
package main

import (
	"embed"

	"concurrency-notebook/internal/notebook"
)

//go:embed *.py recorded.json
var files embed.FS

var chapter = notebook.Chapter{
	Name:   "06-sync-primitives/pitfalls",
	Title:  "Pitfalls",
	Answer: "No tool finds all of these bugs. Python finds next to none by itself; Go's race detector, its runtime and vet find some.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "lost-update", Title: "Lost update", Demo: lostUpdate,
			Shows: "Two clerks sell a ticket each, and both read the counter before one of them writes it."},
		{Name: "check-then-act", Title: "Check, then act", Demo: checkThenAct,
			Shows: "Two clerks see that there's one ticket left, and both sell it."},
		{Name: "await-between", Title: "An await in between", Demo: awaitBetween,
			Shows: "Two waiters read the bill, wait for a price, and write what they had read, plus three. In Go they let go of the lock meanwhile."},
		{Name: "copied-lock", Title: "Copied lock", Demo: copiedLock,
			Shows: "A method gets a copy of the office, with a lock of its own. (Python has no such copies.)"},
		{Name: "lock-order", Title: "Lock order", Demo: lockOrder,
			Shows: "Two clerks hold one lock each, and wait for the other's."},
		{Name: "self-deadlock", Title: "Self-deadlock", Demo: selfDeadlock,
			Shows: "A method calls another one, and both take the same lock."},
		{Name: "lost-wake-up", Title: "Lost wake-up", Demo: lostWakeUp,
			Shows: "The kettle whistles before the guest listens."},
		{Name: "forgotten-join", Title: "Forgotten join", Demo: forgottenJoin,
			Shows: "Main counts the orders that were sent, and doesn't wait for those who send them."},
		{Name: "closed-channel", Title: "Closed channel", Demo: closedChannel,
			Shows: "One clerk closes the channel, another one sends. (Python's queues couldn't be closed before 3.13.)"},
		{Name: "undrained-queue", Title: "A queue nobody drains", Demo: undrainedQueue,
			Shows: "Three waiters bring the bill, there's room for one, and the guest takes only the first."},
		{Name: "starvation", Title: "Starvation", Demo: starvation,
			Shows: "A cook waits until nobody reads the menu, and there's always somebody who does."},
		{Name: "thundering-herd", Title: "Thundering herd", Demo: thunderingHerd,
			Shows: "One order wakes a hundred cooks."},
		{Name: "busy-waiting", Title: "Busy waiting", Claims: []string{"6.51"}, Demo: busyWaiting, Experiment: comparePolling,
			Shows: "One guest keeps asking whether the kettle boils, the other one waits for it to whistle."},
	},
	Close: shelf.Close,
}

func main() { notebook.Main(chapter) }
