// The kettle whistles before the guest listens, but the guest looks first.
package main

import (
	"fmt"
	"sync"
)

func main() {
	var mu sync.Mutex // guards boils
	boils := false
	whistle := sync.NewCond(&mu)
	var kettle sync.WaitGroup
	// part: kettle
	kettle.Go(func() {
		mu.Lock()
		boils = true
		whistle.Signal()
		mu.Unlock()
	})
	// part: end
	kettle.Wait() // the guest comes late

	// part: guest
	mu.Lock()
	for !boils {
		whistle.Wait()
	}
	mu.Unlock()
	// part: end
	fmt.Println("the tea is served")
}
