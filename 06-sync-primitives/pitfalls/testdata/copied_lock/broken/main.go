// Two clerks count a sale each, by a method of a value.
package main

import (
	"fmt"
	"os"
	"sync"
)

type office struct {
	mu   sync.Mutex // guards sold
	sold int
}

func (o office) sell() {
	o.mu.Lock()
	defer o.mu.Unlock()
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
	if box.sold != 2 {
		os.Exit(1)
	}
}
