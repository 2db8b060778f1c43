// Two clerks count their sales in one variable, with no lock.
package main

import (
	"fmt"
	"sync"
)

func main() {
	sold := 0
	var clerks sync.WaitGroup
	for range 2 {
		clerks.Go(func() {
			for range 100_000 {
				sold++
			}
		})
	}
	clerks.Wait()
	fmt.Println(sold, "of 200000 sales counted")
}
