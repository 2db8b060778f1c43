// One clerk moves an order from the bar to the hall, another one back. Both
// lock first the room with the lower number.
package main

import (
	"fmt"
	"sync"
)

type room struct {
	number int
	mu     sync.Mutex // guards orders
	orders int
}

func move(from, to *room, both *sync.WaitGroup) {
	both.Done()
	both.Wait() // until the other clerk is here, too
	first, second := from, to
	if to.number < from.number {
		first, second = to, from
	}
	first.mu.Lock()
	defer first.mu.Unlock()
	second.mu.Lock()
	defer second.mu.Unlock()
	from.orders, to.orders = from.orders-1, to.orders+1
}

func main() {
	bar, hall := &room{number: 1, orders: 1}, &room{number: 2, orders: 1}
	var both, clerks sync.WaitGroup
	both.Add(2)
	clerks.Go(func() { move(bar, hall, &both) })
	clerks.Go(func() { move(hall, bar, &both) })
	clerks.Wait()
	fmt.Println("an order moved each way")
}
