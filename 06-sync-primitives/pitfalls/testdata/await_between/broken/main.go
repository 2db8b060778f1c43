// Two waiters add a tea each to one bill, and let go of the lock while
// they ask for the price.
package main

import (
	"fmt"
	"sync"
)

var (
	lock    sync.Mutex // guards the bill
	bill    = 0
	bothAsk sync.WaitGroup
)

func price() int {
	bothAsk.Done()
	bothAsk.Wait() // until the other waiter asks, too
	return 3
}

func addTea() {
	lock.Lock()
	before := bill
	lock.Unlock()
	cost := price()
	lock.Lock()
	defer lock.Unlock()
	bill = before + cost
}

func main() {
	var waiters sync.WaitGroup
	bothAsk.Add(2)
	for range 2 {
		waiters.Go(addTea)
	}
	waiters.Wait()
	fmt.Println("two teas at 3 euros:", bill, "euros to pay")
}
