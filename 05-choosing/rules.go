package main

import (
	"fmt"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// clearlyLess is what a rule predicts where it gives no number: a fifth less.
const clearlyLess = 0.8

// rules judges the three rules of the article. A rule names a model; it holds
// where that model takes less time than the best of the others or, where the
// rule is about waiting, costs less of what waiting costs.
func (m *measured) rules(language notebook.Subject) map[string]measure.Verdict {
	all, models := m.of(language)
	loop := models[len(models)-1]
	less := func(job, model, what, called string, predicted float64) measure.Verdict {
		others := models
		if what != "" { // one after another is cheap, and no choice: it takes too long
			others = models[1:]
		}
		other := bestOf(all[job], others, what, model)
		return all[job].Ratio(model+what, other+what).Decide(fmt.Sprintf("%s of %s / %s", called, model, other), predicted, 1)
	}
	verdicts := map[string]measure.Verdict{
		"5.1": less(computing, processes, "", "time", 1/float64(m.cpus)),
		"5.2": oneOf(
			less(fewWaits, threads, "", "time", clearlyLess),
			less(fewWaits, threads, "/cpu", "CPU time", clearlyLess)),
		"5.3": oneOf(
			less(manyWaits, loop, "", "time", clearlyLess),
			less(manyWaits, loop, "/memory", "memory", clearlyLess)),
	}
	if m.many < manyTasks/5 {
		verdicts["5.3"] = measure.Cannot("%d connections are not many, and the system allows no more", m.many)
	}
	return verdicts
}

// bestOf returns the model whose samples have the lowest median, leaving out one.
func bestOf(s measure.Samples, models []string, what, without string) (best string) {
	lowest := 0.0
	for _, model := range models {
		e := s.Estimate(model + what)
		if model != without && e.N > 0 && (best == "" || e.Median < lowest) {
			best, lowest = model, e.Median
		}
	}
	return best
}

// oneOf returns the verdict on a claim that says one thing or another: it holds
// if one of them does, and does not if none does.
func oneOf(verdicts ...measure.Verdict) measure.Verdict {
	opposite := map[measure.Answer]measure.Answer{
		measure.Yes: measure.No, measure.No: measure.Yes, measure.CantTell: measure.CantTell,
	}
	var not []measure.Verdict
	for _, v := range verdicts {
		v.Answer = opposite[v.Answer]
		not = append(not, v)
	}
	one := measure.All(not...)
	one.Answer = opposite[one.Answer]
	return one
}
