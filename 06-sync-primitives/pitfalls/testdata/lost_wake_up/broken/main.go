// The kettle whistles before the guest listens.
package main

import (
	"fmt"
	"sync"
)

var (
	lock    sync.Mutex
	whistle = sync.NewCond(&lock)
)

func boil() {
	lock.Lock()
	defer lock.Unlock()
	whistle.Signal()
}

func main() {
	var kettle sync.WaitGroup
	kettle.Go(boil)
	kettle.Wait() // the guest comes late
	lock.Lock()
	whistle.Wait()
	lock.Unlock()
	fmt.Println("the tea is served")
}
