// Two clerks send orders to the cook. The first is done before the second.
package main

import (
	"fmt"
	"sync"
)

func main() {
	orders := make(chan string, 2)
	firstIsDone := make(chan struct{})
	var clerks sync.WaitGroup
	clerks.Go(func() {
		orders <- "soup"
		close(firstIsDone)
	})
	clerks.Go(func() {
		<-firstIsDone
		orders <- "cake"
	})
	// part: owner
	clerks.Wait()
	close(orders) // now nobody will send any more
	// part: end
	for dish := range orders {
		fmt.Println("cooked:", dish)
	}
}
