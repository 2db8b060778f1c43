// Two clerks sell a ticket each, and count it in one variable.
package main

import (
	"fmt"
	"sync"
)

var (
	sold    int
	bothAsk sync.WaitGroup
)

func sell() {
	seen := sold // what += does in Python: read, call, write
	sold = seen + tickets()
}

func tickets() int {
	bothAsk.Done()
	bothAsk.Wait() // until the other clerk asks, too
	return 1
}

func main() {
	var clerks sync.WaitGroup
	bothAsk.Add(2)
	for range 2 {
		clerks.Go(sell)
	}
	clerks.Wait()
	fmt.Println(sold, "of 2 tickets counted")
}
