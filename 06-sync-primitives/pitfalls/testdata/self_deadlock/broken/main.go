// A clerk sells a ticket, and reports how many are left.
package main

import (
	"fmt"
	"sync"
)

type office struct {
	lock    sync.Mutex // guards tickets
	tickets int
}

func (o *office) sell() {
	o.lock.Lock()
	defer o.lock.Unlock()
	o.tickets--
	o.report()
}

func (o *office) report() {
	o.lock.Lock()
	defer o.lock.Unlock()
	fmt.Println(o.tickets, "tickets left")
}

func main() {
	box := &office{tickets: 3}
	box.report()
	box.sell()
}
