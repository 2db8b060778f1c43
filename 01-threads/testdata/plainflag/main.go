// Two goroutines, a plain variable for a flag, and two data races.
package main

import "fmt"

var order string
var ready bool

func main() {
	go func() {
		order = "soup"
		ready = true
	}()
	for !ready {
	}
	fmt.Println(order)
}
