// The kettle whistles before the guest listens.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var mu sync.Mutex
	whistle := sync.NewCond(&mu)
	var kettle sync.WaitGroup
	kettle.Go(func() {
		mu.Lock()
		whistle.Signal()
		mu.Unlock()
	})
	kettle.Wait() // the guest comes late

	mu.Lock()
	whistle.Wait()
	mu.Unlock()
	fmt.Println("the tea is served")
}
