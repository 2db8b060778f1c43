// A clerk sells a ticket and says how many are left.
package main

import (
	"fmt"
	"sync"
)

type office struct {
	mu      sync.Mutex // guards tickets
	tickets int
}

func (o *office) sell() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tickets--
	o.report()
}

func (o *office) report() {
	o.mu.Lock()
	defer o.mu.Unlock()
	fmt.Println(o.tickets, "tickets left")
}

func main() {
	box := &office{tickets: 3}
	box.report()
	box.sell()
}
