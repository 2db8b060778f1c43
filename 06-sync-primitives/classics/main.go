// Chapter 06, the classics: nine old problems about waiting, each with a
// solution that is wrong in some schedules and one that is not.
//
//	go run ./06-sync-primitives/classics                       all of them
//	go run ./06-sync-primitives/classics dining-philosophers   one of them
package main

import "concurrency-notebook/internal/notebook"

var chapter = notebook.Chapter{
	Name:   "06-sync-primitives/classics",
	Title:  "Classic problems",
	Answer: "Say what must never happen, and try it in a thousand schedules: that finds what is wrong; only a reason shows what is right.",
	Sections: []notebook.Section{
		{Name: "print-in-order", Title: "Print in order", Claims: []string{"6.60"},
			Demo: printInOrder, Experiment: countOrders},
	},
}

func main() { notebook.Main(chapter) }
