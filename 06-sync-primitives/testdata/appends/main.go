// Two clerks append orders to one list, without a lock.
package main

import (
	"fmt"
	"sync"
)

func main() {
	const clerks, each = 2, 100_000
	var orders []int
	var wg sync.WaitGroup
	for clerk := range clerks {
		wg.Go(func() {
			for range each {
				orders = append(orders, clerk)
			}
		})
	}
	wg.Wait()
	fmt.Println(clerks*each-len(orders), "of", clerks*each, "orders lost")
}
