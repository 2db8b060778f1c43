// Two clerks sell the last ticket. Each looks first, and then sells.
package main

import (
	"fmt"
	"sync"
)

var (
	lock          sync.Mutex // guards the next line
	tickets, sold = 1, 0
	bothLooked    sync.WaitGroup
)

func sell() {
	lock.Lock()
	left := tickets > 0
	lock.Unlock()
	bothLooked.Done()
	bothLooked.Wait() // until the other clerk has looked, too
	lock.Lock()
	defer lock.Unlock()
	if left {
		tickets, sold = tickets-1, sold+1
	}
}

func main() {
	var clerks sync.WaitGroup
	bothLooked.Add(2)
	for range 2 {
		clerks.Go(sell)
	}
	clerks.Wait()
	fmt.Println(sold, "sold of 1 ticket")
}
