// A guest waits for the kettle, and sleeps until it whistles.
package main

import (
	"fmt"
	"sync"
	"time"
)

func main() {
	var mu sync.Mutex // guards boils
	boils := false
	whistle := sync.NewCond(&mu)
	var kettle sync.WaitGroup
	// part: kettle
	kettle.Go(func() {
		time.Sleep(100 * time.Millisecond) // it takes its time
		mu.Lock()
		boils = true
		whistle.Signal()
		mu.Unlock()
	})

	// part: guest
	mu.Lock()
	for !boils {
		whistle.Wait()
	}
	mu.Unlock()
	// part: end
	kettle.Wait()
	fmt.Println("the tea is served")
}
