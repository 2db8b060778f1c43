// Two clerks sell the last ticket. Each looks and sells in one go, under the
// lock.
package main

import (
	"fmt"
	"os"
	"sync"
)

func main() {
	var mu sync.Mutex // guards tickets and sold
	tickets, sold := 1, 0
	var arrived, clerks sync.WaitGroup
	arrived.Add(2)
	for range 2 {
		// part: clerk
		clerks.Go(func() {
			arrived.Done()
			arrived.Wait() // until the other is here, too
			mu.Lock()
			if tickets > 0 {
				tickets, sold = tickets-1, sold+1
			}
			mu.Unlock()
		})
		// part: end
	}
	clerks.Wait()
	fmt.Println(sold, "sold of 1 ticket")
	if sold != 1 {
		os.Exit(1)
	}
}
