package main

import "concurrency-notebook/internal/measure"

// noneOr says how many there were: "none", "31,204".
func noneOr(e measure.Estimate) string {
	if e.Median == 0 && e.High == 0 {
		return "none"
	}
	return measure.Count(e.Median)
}

// times says how often: "once", "twice", "3 times".
func times(n float64) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return measure.Count(n) + " times"
}
