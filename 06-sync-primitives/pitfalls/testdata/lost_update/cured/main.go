// Two clerks sell a ticket each, and count it under a lock.
package main

import (
	"fmt"
	"sync"
)

var (
	sold    int
	lock    sync.Mutex // guards sold
	bothAsk sync.WaitGroup
)

func sell() {
	more := tickets() // what takes its time comes before the lock
	lock.Lock()
	defer lock.Unlock()
	sold += more
}

func tickets() int {
	bothAsk.Done()
	bothAsk.Wait() // until the other clerk asks, too
	return 1
}

func main() {
	var clerks sync.WaitGroup
	bothAsk.Add(2)
	for range 2 {
		clerks.Go(sell)
	}
	clerks.Wait()
	fmt.Println(sold, "of 2 tickets counted")
}
