//go:build race

package main

// The race detector keeps some memory for every goroutine that there ever was,
// and there are some million: so it sees fewer schedules.
const raced = 4
