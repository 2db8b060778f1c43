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
		close(orders) // "I am done"
		close(firstIsDone)
	})
	clerks.Go(func() {
		<-firstIsDone
		orders <- "cake"
	})
	clerks.Wait()
	for dish := range orders {
		fmt.Println("cooked:", dish)
	}
}
