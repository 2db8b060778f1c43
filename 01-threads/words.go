package main

import (
	"concurrency-notebook/internal/measure"
)

// number says how many there are: "1 thread", "52 threads".
func number(e measure.Estimate, what string) string {
	if e.Median == 1 {
		return "1 " + what
	}
	return measure.Count(e.Median) + " " + what + "s"
}
