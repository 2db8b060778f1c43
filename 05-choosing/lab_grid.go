package main

import (
	"strings"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// bySide is how much more than the best still counts as equal to it.
const bySide = 1.05

// grid returns the time of each cell, as a multiple of the best of its job among
// the models that every machine has.
func (m *measured) grid() notebook.Grid {
	g := notebook.Grid{
		Title: "Time, × the best in its language",
		Note:  "Best: within 5 % of it. Processes and interpreters are there already, except for few waits. Never: the first task would wait for the last. The best time of tiny is that of one task.",
	}
	for _, j := range jobs {
		g.Columns = append(g.Columns, strings.ReplaceAll(j.name, " ", "\n"))
	}
	m.addRows(&g, notebook.CPython, m.inPython, pythonNames, optionalNames)
	m.addRows(&g, notebook.Go, m.inGo, goNames, nil)
	return g
}

func (m *measured) addRows(g *notebook.Grid, language notebook.Subject, all map[string]measure.Samples, names, optional []string) {
	if !sampled(all[computing], names) {
		return
	}
	least := make(map[string]float64)
	for _, j := range jobs {
		for _, name := range names {
			if e := all[j.name].Estimate(name); e.N > 0 && (least[j.name] == 0 || e.Median < least[j.name]) {
				least[j.name] = e.Median
			}
		}
	}
	for i, name := range append(names[:len(names):len(names)], optional...) {
		if i >= len(names) && !sampled(all[computing], []string{name}) {
			continue
		}
		row := notebook.GridRow{Name: string(language) + ", " + name}
		for _, j := range jobs {
			row.Cells = append(row.Cells, cellOf(j.never(name), all[j.name].Estimate(name), least[j.name]))
		}
		g.Rows = append(g.Rows, row)
	}
	took := notebook.GridRow{Name: string(language) + ", the best took"}
	for _, j := range jobs {
		seconds := least[j.name]
		if j.name == tiny {
			seconds /= float64(j.times)
		}
		took.Cells = append(took.Cells, notebook.GridCell{Text: measure.Seconds(seconds)})
	}
	g.Rows = append(g.Rows, took)
}

// cellOf returns the cell for what was estimated, if anything was.
func cellOf(never bool, e measure.Estimate, least float64) notebook.GridCell {
	switch {
	case never:
		return notebook.GridCell{Text: "never", Mark: notebook.NotRun}
	case e.N == 0:
		return notebook.GridCell{Text: "failed", Mark: notebook.Bad}
	}
	c := notebook.GridCell{Text: measure.Times(e.Median / least), Factor: e.Median / least}
	if c.Factor <= bySide {
		c.Mark = notebook.Best
	}
	return c
}
