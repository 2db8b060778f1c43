package main

import (
	"os"
	"testing"

	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/notebook"
)

func TestMain(m *testing.M) {
	if again.Serve() {
		return
	}
	os.Exit(m.Run())
}

func Example_cpuBound() {
	notebook.Show(cpuBound)
	// Output:
	// 3000000 turns in each of 1
	// 1500000 turns in each of 2
	// 750000 turns in each of 4
}

func Example_lettingGo() {
	notebook.Show(lettingGo)
	// Output:
	// served: soup
}

func Example_decides() {
	notebook.Show(decides)
	// Output:
	// the holder of the lock
	//   Ada    ████████     ██████████████████       ████████  ███
	//   Grace          █████                  ███████        ██
	//          ├───────────┼────────────┼────────────┼───────────┼
	//          0           10           20           30      40 ms
}

func Example_convoy() {
	notebook.Show(convoy)
	// Output:
	// 20 pings answered, beside 0 that compute
	// 20 pings answered, beside 1 that compute
}

func Example_cCall() {
	notebook.Show(cCall)
	// Output:
	// 7777 ** 200000 has 2585000 bits
	// main ran meanwhile: yes
}

func Example_plusEquals() {
	notebook.Show(plusEquals)
	// Output:
	// 101 tickets sold, the counter says 1
}

func Example_withoutGIL() {
	notebook.Show(withoutGIL)
	// Output:
	// 1229 primes below 10,000
}

func Example_model() {
	notebook.Show(model)
	// Output:
	// a second's work, shared by 1: 1s
	// a second's work, shared by 2: 1s
	// a second's work, shared by 4: 1s
	// a ping, switch interval 5ms: 6ms
	// a ping, switch interval 25ms: 26ms
}
