package main

import "concurrency-notebook/internal/measure"

// noneOr says how many there were: "none", "up to 12", "31,204".
func noneOr(e measure.Estimate) string {
	switch {
	case e.High == 0:
		return "none"
	case e.Median == 0: // in most rounds
		return "up to " + measure.Count(e.High)
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
