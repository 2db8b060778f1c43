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

// seconds says a time: "0.24 s".
func seconds(e measure.Estimate) string { return measure.Seconds(e.Median) }

// truth is a sample of whether something was so.
func truth(so bool) float64 {
	if so {
		return 1
	}
	return 0
}
