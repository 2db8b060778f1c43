// The kettle whistles before the guest listens, but the guest looks first.
package main

import (
	"fmt"
	"sync"
)

var (
	lock    sync.Mutex // guards boils
	boils   bool
	whistle = sync.NewCond(&lock)
)

func boil() {
	lock.Lock()
	defer lock.Unlock()
	boils = true
	whistle.Signal()
}

func main() {
	var kettle sync.WaitGroup
	kettle.Go(boil)
	kettle.Wait() // the guest comes late
	lock.Lock()
	for !boils {
		whistle.Wait()
	}
	lock.Unlock()
	fmt.Println("the tea is served")
}
