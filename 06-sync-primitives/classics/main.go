// Chapter 06, the classics: nine old problems about waiting, each with a
// solution that is wrong in some schedules and one that is not.
//
//	go run ./06-sync-primitives/classics                       all of them
//	go run ./06-sync-primitives/classics dining-philosophers   one of them
package main

import (
	"embed"

	"concurrency-notebook/internal/notebook"
)

//go:embed recorded.json
var files embed.FS

var chapter = notebook.Chapter{
	Name:   "06-sync-primitives/classics",
	Title:  "Classic problems",
	Answer: "Say what must never happen, and try it in a thousand schedules. That finds what’s wrong; only a proof shows what’s right.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "print-in-order", Title: "Print in order", Claims: []string{"6.60"},
			Demo: printInOrder, Experiment: countOrders},
		{Name: "rendezvous", Title: "Rendezvous", Claims: []string{"6.61"},
			Demo: rendezvous, Experiment: countMeetings},
		{Name: "bounded-buffer", Title: "Bounded buffer", Claims: []string{"6.62", "6.63"},
			Demo: boundedBuffer, Experiment: compareBuffers},
		{Name: "reusable-barrier", Title: "Reusable barrier", Claims: []string{"6.64"},
			Demo: reusableBarrier, Experiment: countLaps},
		{Name: "readers-writers", Title: "Readers and writers", Claims: []string{"6.65", "6.66"},
			Demo: readersWriters, Experiment: measurePatience},
		{Name: "dining-philosophers", Title: "Dining philosophers", Claims: []string{"6.67"},
			Demo: diningPhilosophers, Experiment: countDinners},
		{Name: "sleeping-barber", Title: "Sleeping barber", Claims: []string{"6.68"},
			Demo: sleepingBarber, Experiment: countChairs},
		{Name: "cigarette-smokers", Title: "Cigarette smokers", Claims: []string{"6.69"},
			Demo: cigaretteSmokers, Experiment: countSmokers},
		{Name: "building-h2o", Title: "Building H2O", Claims: []string{"6.70"},
			Demo: buildingH2o, Experiment: countMolecules},
	},
}

func main() { notebook.Main(chapter) }
