// Two clerks count a sale each, by a method of a value.
package main

import (
	"fmt"
	"sync"
)

type office struct {
	lock sync.Mutex // guards sold
	sold int
}

func (o office) sell() {
	o.lock.Lock()
	defer o.lock.Unlock()
	o.sold++
}

func main() {
	var box office
	var clerks sync.WaitGroup
	for range 2 {
		clerks.Go(func() { box.sell() })
	}
	clerks.Wait()
	fmt.Println(box.sold, "of 2 sales counted")
}
