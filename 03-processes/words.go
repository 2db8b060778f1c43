package main

import "concurrency-notebook/internal/measure"

// seconds says a time: "0.24 s".
func seconds(e measure.Estimate) string { return measure.Seconds(e.Median) }

// truth is a sample of whether something was so.
func truth(so bool) float64 {
	if so {
		return 1
	}
	return 0
}

func yesOrNo(so bool) string {
	if so {
		return "yes"
	}
	return "no"
}
