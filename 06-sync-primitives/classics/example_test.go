package main

import "concurrency-notebook/internal/notebook"

func Example_printInOrder() {
	notebook.Show(printInOrder)
	// Output:
	// without waiting: clear the table, serve the soup, lay the table
	// with two events: lay the table, serve the soup, clear the table
}

func Example_rendezvous() {
	notebook.Show(rendezvous)
	// Output:
	// wait, then signal: stuck: Ada, Grace
	// signal, then wait: both climbed, then both ate
	// a channel: both climbed, then both ate
}

func Example_boundedBuffer() {
	notebook.Show(boundedBuffer)
	// Output:
	// conditions, and an if: guest 1 found no dish
	// two conditions: 9 dishes served, each once, never more than 2 at a time
	// semaphores: 9 dishes served, each once, never more than 2 at a time
	// a channel: 9 dishes served, each once, never more than 2 at a time
}

func Example_reusableBarrier() {
	notebook.Show(reusableBarrier)
	// Output:
	// one gate: Ada begins lap 3 when 2 have ended lap 2; then stuck: Grace, Tony
	// two gates: all laps together
	// generations: all laps together
	// primitive.Barrier: all laps together
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
	// left fork first: stuck: Ada, Barbara, Edsger, Grace, Tony
	// lower number first: 3 meals for each of 5, and no neighbours together
	// one seat fewer than forks: 3 meals for each of 5, and no neighbours together
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
	// each grabs: stuck: the agent, who has matches, who has paper, who has tobacco
	// in one order: stuck: the agent, who has matches, who has paper, who has tobacco
	// one place for the state: 4 smoked, by the right one each time
}

func Example_buildingH2o() {
	notebook.Show(buildingH2o)
	// Output:
	// any three: HHH HHH HHO OOO
	// places, no meeting: HHO HHO HHO HHO
	// places and a meeting: HHO HHO HHO HHO
}
