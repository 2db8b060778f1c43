// A data race, always found: the two accesses are not ordered by anything that
// the race detector counts.
package main

import (
	"fmt"
	"time"
)

var sold int

func main() {
	go func() { sold++ }()
	time.Sleep(10 * time.Millisecond)
	fmt.Println(sold)
}
