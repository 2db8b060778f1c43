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

var bothHere sync.WaitGroup

func move(source, target *room) {
	bothHere.Done()
	bothHere.Wait() // until the other clerk is here, too
	first, second := source, target
	if target.number < source.number {
		first, second = target, source
	}
	first.lock.Lock()
	defer first.lock.Unlock()
	second.lock.Lock()
	defer second.lock.Unlock()
	source.orders, target.orders = source.orders-1, target.orders+1
}

func main() {
	bar, hall := &room{number: 1, orders: 1}, &room{number: 2, orders: 1}
	var clerks sync.WaitGroup
	bothHere.Add(2)
	clerks.Go(func() { move(bar, hall) })
	clerks.Go(func() { move(hall, bar) })
	clerks.Wait()
	fmt.Println("an order moved each way")
}
