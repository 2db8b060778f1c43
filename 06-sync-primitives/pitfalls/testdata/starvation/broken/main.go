// A cook waits to change the menu, while readers come and go: each comes
// before the one before it goes.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sync"
)

// A menuLock lets a reader in whenever no cook is in.
type menuLock struct {
	sync.Mutex            // held by the cook, or by the readers together
	mu         sync.Mutex // guards readers
	readers    int
}

func (l *menuLock) TryRLock() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.readers == 0 && !l.TryLock() {
		return false
	}
	l.readers++
	return true
}

func (l *menuLock) RUnlock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.readers--; l.readers == 0 {
		l.Unlock()
	}
}

func main() {
	runtime.GOMAXPROCS(1) // one at a time: Gosched lets the cook go first
	var menu menuLock
	dish := "cake" // menu guards it
	var cook sync.WaitGroup
	menu.TryRLock() // the first reader is in
	cook.Go(func() {
		menu.Lock()
		dish = "soup"
		menu.Unlock()
	})
	came := 0
	for came < 10_000 && menu.TryRLock() { // the next one comes
		menu.RUnlock() // the one before it goes
		runtime.Gosched()
		came++
	}
	if came == 10_000 {
		fmt.Println("10000 readers came and went, and the cook still waits")
		os.Exit(1)
	}
	menu.RUnlock()
	cook.Wait()
	fmt.Println("a reader was kept out until the cook had been in; now there is", dish)
}
