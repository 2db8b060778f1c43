//go:build race

package main

// The race detector keeps some memory for every goroutine that there ever was.
// It sees fewer schedules, so that twenty runs of all tests fit into 4 GiB.
const raced = 10
