package main

import "concurrency-notebook/internal/notebook"

func Example_printInOrder() {
	notebook.Show(printInOrder)
	// Output:
	// lay the table
	// serve the soup
	// clear the table
}

func Example_rendezvous() {
	notebook.Show(rendezvous)
	// Output:
	// wait, then signal: 0 of 2 eat
	// signal, then wait: 2 of 2 eat
}

func Example_boundedBuffer() {
	notebook.Show(boundedBuffer)
	// Output:
	// 9 dishes eaten, 9 of them different
	// more than two at a time: no
}

func Example_reusableBarrier() {
	notebook.Show(reusableBarrier)
	// Output:
	// one gate:    Ada Grace Ada not Tony
	// generations: 1 1 1 2 2 2 3 3 3
	// Barrier:     1 1 1 2 2 2 3 3 3
}

func Example_readersWriters() {
	notebook.Show(readersWriters)
	// Output:
	// each guest reads 20 times
	//   readers first: the cook waits 7m18s
	//   in line: the cook waits 19s
	//   writers first: the cook waits 27s
	// each guest reads 200 times
	//   readers first: the cook waits 1h19m18s
	//   in line: the cook waits 19s
	//   writers first: the cook waits 27s
}

func Example_diningPhilosophers() {
	notebook.Show(diningPhilosophers)
	// Output:
	// left fork first: stuck, 5 of 5
	// lower number first: meals, 3 3 3 3 3
}

func Example_sleepingBarber() {
	notebook.Show(sleepingBarber)
	// Output:
	// look, then sit: 6 served, 0 gone away, up to 6 on 2 chairs
	// look and sit in one: 2 served, 4 gone away, up to 2 on 2 chairs
}

func Example_cigaretteSmokers() {
	notebook.Show(cigaretteSmokers)
	// Output:
	// on the tray: paper and matches
	// smokes: the one with tobacco
	// on the tray: matches and tobacco
	// smokes: the one with paper
	// on the tray: tobacco and paper
	// smokes: the one with matches
}

func Example_buildingH2o() {
	notebook.Show(buildingH2o)
	// Output:
	// HHO HHO HHO HHO
}
