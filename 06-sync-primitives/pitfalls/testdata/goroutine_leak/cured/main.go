// Ten guests ask for the bill, and leave before it comes; it is left on the table.
package main

import (
	"fmt"
	"os"
	"runtime"
)

func main() {
	runtime.GOMAXPROCS(1) // one at a time, so that Gosched lets the others go first
	for range 10 {
		bill := make(chan int, 1)
		left := make(chan struct{}) // closed when the guest leaves
		go func() {
			<-left
			bill <- 12
		}()
		close(left)
	}
	for range 1000 {
		runtime.Gosched() // let all go on that can
	}
	waiters := runtime.NumGoroutine() - 1
	fmt.Println(waiters, "of 10 waiters still hold out a bill")
	if waiters > 0 {
		os.Exit(1)
	}
}
