// Two clerks count their sales in one variable, under one lock.
package main

import (
	"fmt"
	"sync"
)

func main() {
	sold := 0
	var mu sync.Mutex // guards sold
	var clerks sync.WaitGroup
	for range 2 {
		// part: clerk
		clerks.Go(func() {
			for range 100_000 {
				mu.Lock()
				sold++
				mu.Unlock()
			}
		})
		// part: end
	}
	clerks.Wait()
	fmt.Println(sold, "of 200000 sales counted")
}
