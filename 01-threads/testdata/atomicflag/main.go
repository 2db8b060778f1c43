// Two goroutines and an atomic flag.
package main

import (
	"fmt"
	"sync/atomic"
)

var order string
var ready atomic.Bool

func main() {
	go func() {
		order = "soup"
		ready.Store(true)
	}()
	for !ready.Load() {
	}
	fmt.Println(order)
}
