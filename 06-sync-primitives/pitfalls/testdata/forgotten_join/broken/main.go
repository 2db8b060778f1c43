// Three clerks send an order each, and main counts what was sent.
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
	desk.Lock() // so that no clerk is quick enough
	defer desk.Unlock()
	for _, order := range []string{"soup", "rice", "cake"} {
		go send(order)
	}
	fmt.Println(len(sent), "of 3 orders sent")
}
