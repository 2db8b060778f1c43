// Two clerks move orders between two rooms, in opposite directions.
package main

import (
	"fmt"
	"sync"
)

type room struct {
	number, orders int
	lock           sync.Mutex
}

var bothHoldOne sync.WaitGroup

func move(source, target *room) {
	source.lock.Lock()
	defer source.lock.Unlock()
	bothHoldOne.Done()
	bothHoldOne.Wait() // until the other clerk holds a lock, too
	target.lock.Lock()
	defer target.lock.Unlock()
	source.orders, target.orders = source.orders-1, target.orders+1
}

func main() {
	bar, hall := &room{number: 1, orders: 1}, &room{number: 2, orders: 1}
	var clerks sync.WaitGroup
	bothHoldOne.Add(2)
	clerks.Go(func() { move(bar, hall) })
	clerks.Go(func() { move(hall, bar) })
	clerks.Wait()
	fmt.Println("an order moved each way")
}
