// Three clerks send an order each, and main waits before it counts.
package main

import (
	"fmt"
	"sync"
)

var (
	desk sync.Mutex // guards sent
	sent []string
)

func send(order string) {
	desk.Lock()
	defer desk.Unlock()
	sent = append(sent, order)
}

func main() {
	var clerks sync.WaitGroup
	desk.Lock() // so that no clerk is quick enough
	for _, order := range []string{"soup", "rice", "cake"} {
		clerks.Go(func() { send(order) })
	}
	desk.Unlock()
	clerks.Wait()
	fmt.Println(len(sent), "of 3 orders sent")
}
