// A hundred cooks wait for orders, and one order comes.
package main

import (
	"fmt"
	"sync"
)

var (
	lock                        sync.Mutex // guards the next line
	orders, here, woken, inVain int
	came                        = sync.NewCond(&lock) // signalled when an order comes
	looked                      = sync.NewCond(&lock) // signalled when a cook has looked
)

func cook() {
	lock.Lock()
	defer lock.Unlock()
	here++
	looked.Signal()
	for orders == 0 {
		came.Wait()
		if woken++; orders == 0 {
			inVain++
		}
		looked.Signal()
	}
	orders--
}

func main() {
	var cooks sync.WaitGroup
	for range 100 {
		cooks.Go(cook)
	}
	lock.Lock()
	for here < 100 {
		looked.Wait()
	}
	orders = 1
	came.Signal()
	for woken < 1 {
		looked.Wait()
	}
	orders += 99 // now one for each
	came.Broadcast()
	lock.Unlock()
	cooks.Wait()
	fmt.Println(inVain, "cooks woken in vain")
}
