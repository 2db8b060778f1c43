// Two clerks write to one map, without a lock.
package main

import "sync"

func main() {
	const clerks, each = 2, 100_000
	stock := make(map[int]int)
	var wg sync.WaitGroup
	for range clerks {
		wg.Go(func() {
			for ticket := range each {
				stock[ticket] = ticket
			}
		})
	}
	wg.Wait()
}
