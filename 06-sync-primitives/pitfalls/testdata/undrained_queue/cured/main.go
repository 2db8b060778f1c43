// Three waiters bring the same bill. The guest takes the first, and goes.
package main

import (
	"fmt"
	"sync"
)

var table = make(chan string, 3)

func bring() {
	table <- "12 euros"
}

func main() {
	var waiters sync.WaitGroup
	for range 3 {
		waiters.Go(bring)
	}
	fmt.Println("paid:", <-table)
	waiters.Wait()
	fmt.Println("all waiters are back")
}
