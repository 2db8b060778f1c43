package main

import "concurrency-notebook/internal/notebook"

func Example_oneAtATime() {
	notebook.Show(oneAtATime)
	// Output:
	// who held the lock
	//   Ada    ████████     ██████████████████       ████████  ███
	//   Grace          █████                  ███████        ██
	//          ├───────────┼────────────┼────────────┼───────────┼
	//          0           10           20           30      40 ms
}

func Example_cpuBound() {
	notebook.Show(cpuBound)
	// Output:
	// shared by 1, with the GIL: 1s
	// shared by 2, with the GIL: 1s
	// shared by 4, with the GIL: 1s
	// shared by 4, without it: 250ms
}

func Example_halfTheTime() {
	notebook.Show(halfTheTime)
	// Output:
	// 1 compute: about 500 steps each, 500 in all
	// 2 compute: about 250 steps each, 500 in all
	// 5 compute: about 100 steps each, 500 in all
}

func Example_ioBound() {
	notebook.Show(ioBound)
	// Output:
	// 4 threads that wait, the GIL released: 1s
	// 4 threads that wait, the GIL kept:     4s
}

func Example_convoy() {
	notebook.Show(convoy)
	// Output:
	// beside 0 that compute, the message waited 0s
	// beside 1 that compute, the message waited 6ms
}

func Example_cCall() {
	notebook.Show(cCall)
	// Output:
	// Ada makes 50 steps of 2 ms: Grace waited 6ms
	// Ada makes 1 step of 100 ms: Grace waited 100ms
}

func Example_plusEquals() {
	notebook.Show(plusEquals)
	// Output:
	// two tickets sold, the counter says 1
	// with a lock of its own it says 2
}

func Example_withoutGIL() {
	notebook.Show(withoutGIL)
	// Output:
	// [2 3 5 7 11 13 17 19 23 29]
}
