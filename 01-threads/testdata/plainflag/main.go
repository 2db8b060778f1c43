// Two threads, a plain variable for a flag, and a data race.
package main

import "fmt"

var order string
var ready bool

func main() {
	go func() {
		order = "soup"
		ready = true
	}()
	for !ready { // may never end: nothing says that it will be seen
		yield()
	}
	fmt.Println(order)
}

//go:noinline
func yield() {}
