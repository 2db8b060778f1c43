// Two clerks sell the last ticket. Each looks under the lock, gives the lock
// back, and sells under the lock.
package main

import (
	"fmt"
	"os"
	"sync"
)

func main() {
	var mu sync.Mutex // guards tickets and sold
	tickets, sold := 1, 0
	var looked, clerks sync.WaitGroup
	looked.Add(2)
	for range 2 {
		clerks.Go(func() {
			mu.Lock()
			left := tickets > 0
			mu.Unlock()
			looked.Done()
			looked.Wait() // until the other has looked, too
			mu.Lock()
			if left {
				tickets, sold = tickets-1, sold+1
			}
			mu.Unlock()
		})
	}
	clerks.Wait()
	fmt.Println(sold, "sold of 1 ticket")
	if sold != 1 {
		os.Exit(1)
	}
}
