// Two clerks pass orders to the cook. Who waits for both closes the channel.
package main

import (
	"fmt"
	"sync"
)

func main() {
	orders := make(chan string, 2)
	gone := make(chan struct{}) // closed when the first clerk goes
	var clerks sync.WaitGroup
	clerks.Go(func() {
		orders <- "soup"
		close(gone)
	})
	clerks.Go(func() {
		<-gone
		orders <- "cake"
	})
	// part: owner
	clerks.Wait()
	close(orders)
	// part: end
	for dish := range orders {
		fmt.Println("cooked:", dish)
	}
}
