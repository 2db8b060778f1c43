// One clerk moves an order from the bar to the hall, another one back. Each
// locks first the room that the order leaves.
package main

import (
	"fmt"
	"sync"
)

type room struct {
	mu     sync.Mutex // guards orders
	orders int
}

func move(from, to *room, both *sync.WaitGroup) {
	from.mu.Lock()
	defer from.mu.Unlock()
	both.Done()
	both.Wait() // until the other clerk holds a lock, too
	to.mu.Lock()
	defer to.mu.Unlock()
	from.orders, to.orders = from.orders-1, to.orders+1
}

func main() {
	bar, hall := &room{orders: 1}, &room{orders: 1}
	var both, clerks sync.WaitGroup
	both.Add(2)
	clerks.Go(func() { move(bar, hall, &both) })
	clerks.Go(func() { move(hall, bar, &both) })
	clerks.Wait()
	fmt.Println("an order moved each way")
}
