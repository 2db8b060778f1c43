// A guest waits for the kettle, and looks all the time.
package main

import (
	"fmt"
	"sync"
	"time"
)

func main() {
	var mu sync.Mutex // guards boils
	boils := false
	var kettle sync.WaitGroup
	kettle.Go(func() {
		time.Sleep(100 * time.Millisecond) // it takes its time
		mu.Lock()
		boils = true
		mu.Unlock()
	})

	mu.Lock()
	for !boils {
		mu.Unlock()
		mu.Lock()
	}
	mu.Unlock()
	kettle.Wait()
	fmt.Println("the tea is served")
}
