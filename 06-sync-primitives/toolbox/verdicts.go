package main

import (
	"fmt"

	"concurrency-notebook/internal/measure"
)

// seen returns the verdict on a claim that something may happen, where the
// samples of the name say how often it did in each round: once is enough, and
// not to have seen it proves nothing.
func seen(samples measure.Samples, name, subject string) measure.Verdict {
	happened, n := samples.Count(name)
	switch {
	case n == 0:
		return measure.Cannot("%s", samples.Estimate(name).Missing)
	case happened == 0:
		return measure.Cannot("%s in none of %d rounds, which proves nothing", subject, n)
	}
	return measure.Fact(true, "%s in %d of %d rounds", subject, happened, n)
}

// inEvery returns the verdict on a claim about each round, where the samples of
// the name say how far the round was off: one round that was is enough against it.
func inEvery(samples measure.Samples, off, format string, args ...any) measure.Verdict {
	wrong, n := samples.Count(off)
	if n == 0 {
		return measure.Cannot("%s", samples.Estimate(off).Missing)
	}
	return measure.Fact(wrong == 0, "%s in %d of %d rounds", fmt.Sprintf(format, args...), n-wrong, n)
}
