// A thousand cooks wait for orders. One order comes, and all of them are woken.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	runtime.GOMAXPROCS(1) // one at a time: Gosched lets the others go first
	var mu sync.Mutex     // guards orders, woken and inVain
	orders, woken, inVain := 0, 0, 0
	came := sync.NewCond(&mu)
	var waiting, cooks sync.WaitGroup
	waiting.Add(1000)
	for range 1000 {
		cooks.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			waiting.Done()
			for orders == 0 {
				came.Wait()
				if woken++; orders == 0 {
					inVain++
				}
			}
			orders--
		})
	}
	waiting.Wait()

	mu.Lock()
	orders = 1
	came.Broadcast()
	mu.Unlock()
	for range 1000 {
		runtime.Gosched() // until those who were woken wait again
	}
	mu.Lock()
	fmt.Println("1 order:", woken, "woken,", inVain, "in vain")
	orders = 999 // now one for each
	came.Broadcast()
	mu.Unlock()
	cooks.Wait()
}
