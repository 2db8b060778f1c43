// Two waiters add a tea each to one bill, and ask for the price before
// they take the lock.
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
	cost := price()
	lock.Lock()
	defer lock.Unlock()
	bill += cost
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
