// Two clerks sell the last ticket. Each looks and sells in one step.
package main

import (
	"fmt"
	"sync"
)

var (
	lock          sync.Mutex // guards the next line
	tickets, sold = 1, 0
	bothHere      sync.WaitGroup
)

func sell() {
	bothHere.Done()
	bothHere.Wait() // until the other clerk is here, too
	lock.Lock()
	defer lock.Unlock()
	if tickets > 0 {
		tickets, sold = tickets-1, sold+1
	}
}

func main() {
	var clerks sync.WaitGroup
	bothHere.Add(2)
	for range 2 {
		clerks.Go(sell)
	}
	clerks.Wait()
	fmt.Println(sold, "sold of 1 ticket")
}
