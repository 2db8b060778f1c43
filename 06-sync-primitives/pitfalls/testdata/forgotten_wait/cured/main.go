// Three clerks send an order each in the evening, and main waits for them.
package main

import (
	"fmt"
	"runtime"
	"sync"
)

func main() {
	runtime.GOMAXPROCS(1)          // one at a time: a clerk works only when main rests
	evening := make(chan struct{}) // closed when it comes
	var clerks sync.WaitGroup
	for range 3 {
		clerks.Go(func() {
			<-evening
			fmt.Println("order sent")
		})
	}
	close(evening)
	clerks.Wait()
}
