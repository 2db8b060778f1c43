// Two clerks pass orders to the cook. The first one to go closes the channel.
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
		close(orders)
		close(gone)
	})
	clerks.Go(func() {
		<-gone
		orders <- "cake"
	})
	clerks.Wait()
	for dish := range orders {
		fmt.Println("cooked:", dish)
	}
}
