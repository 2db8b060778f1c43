// A cook wants to change the menu, and there's always somebody reading it.
package main

import (
	"fmt"
	"sync"
)

type menu struct {
	lock      sync.Mutex // guards all of them
	changed   *sync.Cond
	dish      string
	readers   int
	cookWaits bool
}

// take is for reading: false if the reader has to wait.
func (m *menu) take() bool {
	m.lock.Lock()
	defer m.lock.Unlock()
	if m.cookWaits {
		return false // the cook goes first
	}
	m.readers++
	return true
}

func (m *menu) putBack() {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.readers--
	m.changed.Broadcast()
}

// change changes the dish as soon as nobody reads.
func (m *menu) change(dish string) {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.cookWaits = true
	m.changed.Broadcast()
	for m.readers > 0 {
		m.changed.Wait()
	}
	m.dish, m.cookWaits = dish, false
}

func main() {
	m := &menu{dish: "cake"}
	m.changed = sync.NewCond(&m.lock)
	m.take() // the first reader
	var cook sync.WaitGroup
	cook.Go(func() { m.change("soup") })
	m.lock.Lock()
	for !m.cookWaits {
		m.changed.Wait()
	}
	m.lock.Unlock()
	letIn := 0
	for letIn < 10_000 && m.take() { // the next one comes
		m.putBack() // before the last one goes
		letIn++
	}
	fmt.Println("readers let in while the cook waits:", letIn)
	m.putBack()
	cook.Wait()
	fmt.Println("now there's", m.dish)
}
