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

// A part is one of several things that a claim says of ratios.
type part struct {
	verdict measure.Verdict
	off     float64 // how far the ratio is from the limit: above 1, it is beyond
}

func atMost(name string, ratio measure.Estimate, limit float64) part {
	return part{ratio.Below(name, limit), ratio.Median / limit}
}

func atLeast(name string, ratio measure.Estimate, limit float64) part {
	return part{ratio.Above(name, limit), limit / ratio.Median}
}

// worst returns the verdict on a claim that holds if all its parts do. Of the
// evidence it names only that of the worst part.
func worst(parts []part) measure.Verdict {
	var verdicts []measure.Verdict
	for _, p := range parts {
		verdicts = append(verdicts, p.verdict)
	}
	all := measure.All(verdicts...)
	if len(parts) < 2 {
		return all
	}
	var shown part
	for _, p := range parts {
		if p.verdict.Answer == all.Answer && (shown.verdict.Answer == "" || p.off > shown.off) {
			shown = p
		}
	}
	all.Evidence = fmt.Sprintf("the worst of %d: %s", len(parts), shown.verdict.Evidence)
	if shown.off == 0 || shown.off > 1e9 { // nothing was measured
		all.Evidence = shown.verdict.Evidence
	}
	return all
}
