package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// The models of Python. Its threads are OS threads too.
const (
	asyncio  = "asyncio"
	executor = "processes, executor"
)

var pythonNames = []string{sequential, threads, processes, asyncio}

// measured is what came of the matrix. For each job it has the samples of each
// model: the seconds under its name, and the rest under its name and "/cpu",
// "/memory" and so on.
type measured struct {
	cpus, many int
	inGo       map[string]measure.Samples
	inPython   map[string]measure.Samples
}

// notRun returns how long a job would take in a model in which it is not run, or
// 0 if it is.
func (m *measured) notRun(j job, model string) time.Duration {
	if j.times > 0 {
		return 0
	}
	all := time.Duration(m.many) * time.Duration(j.tasks[0].Wait) * time.Millisecond
	switch model {
	case sequential:
		return all
	case processes:
		return all / time.Duration(j.workers)
	}
	return 0
}

// measureGo measures each job in each model, in turn.
func (m *measured) measureGo(ctx context.Context, lab *notebook.Lab, servers []string) error {
	m.inGo = make(map[string]measure.Samples)
	rounds := jobs[0].rounds(lab.Rounds())
	failed := make(map[string]bool)
	start := func(j job, model string) (outcome, error) {
		return cell{model, j.name, servers, m.many, m.cpus}.start(ctx)
	}
	for round := range rounds {
		for _, j := range jobs {
			if round >= j.rounds(lab.Rounds()) {
				continue
			}
			lab.Progress("%s, round %d of %d", j.name, round+1, rounds)
			samples, order := m.inGo[j.name], slices.Clone(goNames)
			if round%2 == 1 {
				slices.Reverse(order)
			}
			took := make(map[string]float64)
			for _, model := range order {
				if m.notRun(j, model) > 0 || failed[j.name+model] {
					continue
				}
				o, err := start(j, model)
				if ctx.Err() != nil {
					return err
				}
				if err != nil && !(j.crashes && errors.Is(err, errDied)) {
					failed[j.name+model] = true
					lab.Remark("%s, %s: %v", j.name, model, err)
					continue
				}
				took[model] = o.Seconds
				o.addTo(&samples, j, model)
			}
			if j.counts > 0 && took[sequential] > 0 {
				o, err := start(alone, sequential)
				if err != nil {
					return err
				}
				for model, seconds := range took {
					samples.Add(model+"/waited", (seconds-o.Seconds)/(took[sequential]-o.Seconds))
				}
			}
			m.inGo[j.name] = samples
		}
	}
	return nil
}

func (o outcome) addTo(s *measure.Samples, j job, model string) {
	if j.crashes {
		s.Add(model+"/lost", float64(others-o.Done))
		return
	}
	s.Add(model, o.Seconds)
	s.Add(model+"/cpu", o.CPU)
	s.Add(model+"/busy", o.CPU/o.Seconds)
	s.Add(model+"/threads", float64(o.Threads))
	if o.Memory > 0 {
		s.Add(model+"/memory", float64(o.Memory))
	}
}

// rounds returns how often the job is measured, of the rounds that the reader
// asked for: there are many cells, and those of many waits take long.
func (j job) rounds(asked int) int {
	if asked = max(asked/3, 1); j.times == 0 {
		return min(asked, 4)
	}
	return asked
}

// measurePython does the same with the twin.
func (m *measured) measurePython(ctx context.Context, lab *notebook.Lab, servers []string) {
	m.inPython = make(map[string]measure.Samples)
	for _, j := range jobs {
		var names []string
		for _, model := range pythonNames {
			if m.notRun(j, model) == 0 {
				names = append(names, model)
			}
		}
		if j.crashes {
			names = append(names, executor)
		}
		// A twin has 20 s at the most: few rounds take less, on a slow machine too.
		const few = 4
		var samples measure.Samples
		for rounds := j.rounds(lab.Rounds()); rounds > 0; rounds -= few {
			s := lab.Twin(ctx, map[string]any{
				"job": j.name, "models": names, "cells": min(rounds, few), "servers": servers,
				"many": m.many, "workers": j.processes(m.cpus), "counts": j.counts,
			})
			samples = samples.With(s)
			if j.name == jobs[0].name && s.Estimate(sequential).N == 0 { // nor will it do another job
				for _, j := range jobs {
					m.inPython[j.name] = s
				}
				return
			}
		}
		m.inPython[j.name] = samples
	}
}

// of returns the samples of a language.
func (m *measured) of(language notebook.Subject) (map[string]measure.Samples, []string) {
	if language == notebook.Go {
		return m.inGo, goNames
	}
	return m.inPython, pythonNames
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

// bySide is how much more than the best still counts as equal to it.
const bySide = 1.05

// times returns the time of each cell, as a multiple of the best of its job and
// language.
func (m *measured) times() notebook.Grid {
	g := notebook.Grid{Title: "time, x the best", Note: "Green, or bold: the best in its language, and what is within 5 % of it. In brackets: not run, and what it would take. The best time of tiny is that of a task."}
	for _, j := range jobs {
		if !j.crashes {
			g.Columns = append(g.Columns, j.name)
		}
	}
	for _, language := range []notebook.Subject{notebook.Go, notebook.CPython} {
		all, models := m.of(language)
		if language == notebook.CPython && missing(all) {
			continue
		}
		took := notebook.GridRow{Name: string(language) + ", the best took"}
		for _, model := range models {
			row := notebook.GridRow{Name: string(language) + ", " + model}
			for _, j := range jobs {
				if j.crashes {
					continue
				}
				e, best := all[j.name].Estimate(model), all[j.name].Estimate(bestOf(all[j.name], models, "", ""))
				row.Cells = append(row.Cells, m.cellOf(j, model, e, best, func(x float64) string { return measure.Number(x / best.Median) }))
			}
			g.Rows = append(g.Rows, row)
		}
		for _, j := range jobs {
			if j.crashes {
				continue
			}
			best, text := all[j.name].Estimate(bestOf(all[j.name], models, "", "")), ""
			switch {
			case best.N == 0:
			case j.name == tiny:
				text = seconds(best.Median / float64(j.times))
			default:
				text = seconds(best.Median)
			}
			took.Cells = append(took.Cells, notebook.GridCell{Text: text})
		}
		g.Rows = append(g.Rows, took)
	}
	return g
}

// cellOf returns the cell of a grid for what was estimated, if anything was.
func (m *measured) cellOf(j job, model string, e, best measure.Estimate, text func(float64) string) notebook.GridCell {
	switch d := m.notRun(j, model); {
	case d > 0:
		return notebook.GridCell{Text: "(" + seconds(d.Seconds()) + ")", Mark: notebook.NotRun}
	case e.N == 0:
		return notebook.GridCell{Text: "failed", Mark: notebook.Bad}
	case e.Median <= best.Median*bySide:
		return notebook.GridCell{Text: text(e.Median), Mark: notebook.Best}
	default:
		return notebook.GridCell{Text: text(e.Median)}
	}
}

// seconds formats a time, with its unit.
func seconds(s float64) string {
	switch {
	case s < 1e-6:
		return measure.Number(s*1e9) + " ns"
	case s < 1e-3:
		return measure.Number(s*1e6) + " µs"
	case s < 1:
		return measure.Number(s*1e3) + " ms"
	case s == float64(int(s)):
		return number(int(s)) + " s"
	default:
		return measure.Number(s) + " s"
	}
}

func missing(all map[string]measure.Samples) bool {
	for _, s := range all {
		if s.Estimate(sequential).N > 0 {
			return false
		}
	}
	return true
}

// costs returns what the cells used.
func (m *measured) costs() notebook.Grid {
	columns := []struct {
		head, job, what string
		scale           float64
		least           bool // is the best
	}{
		{"computing\nCPUs busy", "computing", "/busy", 1, false},
		{"few\nwaits\nCPU ms", "few waits", "/cpu", 1000, true},
		{"many\nwaits\nCPU ms", "many waits", "/cpu", 1000, true},
		{"many\nwaits\nthreads", "many waits", "/threads", 1, false},
		{"many\nwaits\nMiB", "many waits", "/memory", 1.0 / (1 << 20), true},
	}
	g := notebook.Grid{Title: "what it cost", Note: "Of all processes together. Memory is the most that was resident, with what processes share counted in each."}
	for _, c := range columns {
		g.Columns = append(g.Columns, c.head)
	}
	for _, language := range []notebook.Subject{notebook.Go, notebook.CPython} {
		all, models := m.of(language)
		if language == notebook.CPython && missing(all) {
			continue
		}
		for _, model := range models {
			row := notebook.GridRow{Name: string(language) + ", " + model}
			for _, c := range columns {
				j, _ := jobByName(c.job)
				s := all[c.job]
				if s.Estimate(model).N > 0 && s.Estimate(model+c.what).N == 0 || m.notRun(j, model) > 0 {
					row.Cells = append(row.Cells, notebook.GridCell{}) // not known, or not run
					continue
				}
				var best measure.Estimate
				if c.least {
					best = s.Estimate(bestOf(s, models, c.what, "") + c.what)
				}
				row.Cells = append(row.Cells, m.cellOf(j, model, s.Estimate(model+c.what), best, func(x float64) string {
					if x *= c.scale; c.what != "/busy" {
						return number(int(x + 0.5))
					}
					return measure.Number(x)
				}))
			}
			g.Rows = append(g.Rows, row)
		}
	}
	return g
}

// others is how many tasks there are beside the one that crashes.
const others = 9

// losses returns how many of the other tasks were lost with the one that crashed.
func (m *measured) losses() notebook.Grid {
	g := notebook.Grid{Title: "lost with the task that crashed", Columns: []string{"Go", "CPython"},
		Note: "Processes: procpool, and multiprocessing.Pool. Executor: concurrent.futures.ProcessPoolExecutor."}
	if missing(m.inPython) {
		g.Columns = g.Columns[:1]
	}
	lost := func(s measure.Samples, model string) notebook.GridCell {
		switch e := s.Estimate(model + "/lost"); {
		case e.N == 0:
			return notebook.GridCell{}
		case e.High == 0:
			return notebook.GridCell{Text: fmt.Sprintf("0 of %d", others), Mark: notebook.Best}
		case e.Low == e.High:
			return notebook.GridCell{Text: fmt.Sprintf("%.0f of %d", e.High, others), Mark: notebook.Bad}
		default:
			return notebook.GridCell{Text: fmt.Sprintf("%.0f to %.0f of %d", e.Low, e.High, others), Mark: notebook.Bad}
		}
	}
	for _, row := range []struct{ name, inGo, inPython string }{
		{sequential, sequential, sequential}, {threads, threads, threads}, {goroutines, goroutines, ""},
		{"event loop, asyncio", eventLoop, asyncio}, {processes, processes, processes}, {executor, "", executor},
	} {
		cells := []notebook.GridCell{lost(m.inGo["crash"], row.inGo), lost(m.inPython["crash"], row.inPython)}
		if cells = cells[:len(g.Columns)]; slices.ContainsFunc(cells, func(c notebook.GridCell) bool { return c.Text != "" }) {
			g.Rows = append(g.Rows, notebook.GridRow{Name: row.name, Cells: cells})
		}
	}
	return g
}

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
		"5.1": less("computing", processes, "", "time", 1/float64(m.cpus)),
		"5.2": oneOf(
			less("few waits", threads, "", "time", clearlyLess),
			less("few waits", threads, "/cpu", "CPU time", clearlyLess)),
		"5.3": less("many waits", loop, "", "time", clearlyLess),
	}
	// A thread of CPython takes longer to start than it waits here: so its
	// threads never hold all connections at once, and their memory says nothing.
	if language == notebook.Go {
		verdicts["5.3"] = oneOf(verdicts["5.3"], less("many waits", loop, "/memory", "memory", clearlyLess))
	}
	if m.many < manyTasks/5 {
		verdicts["5.3"] = measure.Cannot("%d connections are not many, and the system allows no more", m.many)
	}
	return verdicts
}

// oneOf returns the verdict on a claim that says one thing or another: it holds
// if one of them does, and does not if none does.
func oneOf(verdicts ...measure.Verdict) measure.Verdict {
	var opposite []measure.Verdict
	for _, v := range verdicts {
		switch v.Answer {
		case measure.Holds:
			v.Answer = measure.DoesNotHold
		case measure.DoesNotHold:
			v.Answer = measure.Holds
		}
		opposite = append(opposite, v)
	}
	one := measure.All(opposite...)
	switch one.Answer {
	case measure.Holds:
		one.Answer = measure.DoesNotHold
	case measure.DoesNotHold:
		one.Answer = measure.Holds
	}
	return one
}

// waitedFor is the part of the computation that requests beside it are predicted
// to wait for.
var waitedFor = map[string]float64{eventLoop: 1, asyncio: 1, goroutines: 0, processes: 0}

// mixed judges how much of it they do.
func (m *measured) mixed(language notebook.Subject) measure.Verdict {
	all, models := m.of(language)
	var verdicts []measure.Verdict
	for _, model := range models {
		if p, ok := waitedFor[model]; ok {
			verdicts = append(verdicts, all["mixed"].Estimate(model+"/waited").Decide("part waited for, "+model, p, 1-p))
		}
	}
	return measure.All(verdicts...)
}

// showMixed shows it for every model but the first, of which it is 1 by
// definition.
func (m *measured) showMixed(lab *notebook.Lab, language notebook.Subject) {
	all, models := m.of(language)
	for _, model := range models[1:] {
		var predicted []float64
		if p, ok := waitedFor[model]; ok {
			predicted = append(predicted, p)
		}
		lab.Show(string(language)+", "+model, "mixed: part waited for", all["mixed"].Estimate(model+"/waited"), predicted...)
	}
}

// crash judges what is lost with a task that kills its process.
func (m *measured) crash(language notebook.Subject) measure.Verdict {
	all, models := m.of(language)
	for _, model := range models {
		lost := all["crash"].Estimate(model + "/lost")
		want := float64(others)
		if model == processes {
			want = 0
		}
		switch {
		case lost.N == 0:
			return measure.Cannot("%s", lost.Missing)
		case lost.Low != want || lost.High != want:
			return measure.Fact(false, "of %d other tasks, %s lost %v", others, model, lost)
		}
	}
	return measure.Fact(true, "of %d other tasks, processes lost 0, and every other model %[1]d", others)
}
