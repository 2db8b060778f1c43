// Chapter 06, the classics: nine old problems about waiting, each with a
// solution that goes wrong in some schedules and one that doesn't.
//
//	go run ./06-sync-primitives/classics                       all of them
//	go run ./06-sync-primitives/classics dining-philosophers   one of them
package main

import (
	"embed"

	"concurrency-notebook/internal/notebook"
)

//go:embed *.py recorded.json
var files embed.FS

var chapter = notebook.Chapter{
	Name:   "06-sync-primitives/classics",
	Title:  "Classic problems",
	Answer: "Say what must never happen, and try it in a thousand schedules. That finds what’s wrong; only a proof shows what’s right.",
	Files:  files,
	Sections: []notebook.Section{
		{Name: "print-in-order", Title: "Print in order", Claims: []string{"6.60"},
			Shows: "Three start in the wrong order, and act in the right one.",
			Demo:  printInOrder, Experiment: countOrders},
		{Name: "rendezvous", Title: "Rendezvous", Claims: []string{"6.61"},
			Shows: "Two who wait before they signal, and two who signal first:",
			Demo:  rendezvous, Experiment: countMeetings},
		{Name: "bounded-buffer", Title: "Bounded buffer", Claims: []string{"6.62"},
			Shows: "Three cooks, three guests, and a counter with room for two.",
			Demo:  boundedBuffer, Experiment: countServed},
		{Name: "reusable-barrier", Title: "Reusable barrier", Claims: []string{"6.64"},
			Shows: "A gate that lets somebody through twice, and two barriers that don't:",
			Demo:  reusableBarrier, Experiment: countLaps},
		{Name: "readers-writers", Title: "Readers and writers", Claims: []string{"6.65", "6.66"},
			Shows: "A cook wants to write the menu while guests keep reading it:",
			Demo:  readersWriters, Experiment: measurePatience},
		{Name: "dining-philosophers", Title: "Dining philosophers", Claims: []string{"6.67"},
			Shows: "Five philosophers, five forks, and the order in which they're taken:",
			Demo:  diningPhilosophers, Experiment: countDinners},
		{Name: "sleeping-barber", Title: "Sleeping barber", Claims: []string{"6.68"},
			Shows: "Six customers, two chairs, and one barber:",
			Demo:  sleepingBarber, Experiment: countChairs},
		{Name: "cigarette-smokers", Title: "Cigarette smokers", Claims: []string{"6.69"},
			Shows: "Two things come on a tray, and the smoker who lacks just these is called.",
			Demo:  cigaretteSmokers, Experiment: countSmokers},
		{Name: "building-h2o", Title: "Building H2O", Claims: []string{"6.70"},
			Shows: "Four atoms of oxygen and eight of hydrogen become water.",
			Demo:  buildingH2o, Experiment: countMolecules},
	},
}

func main() { notebook.Main(chapter) }
