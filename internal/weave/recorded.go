package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

const none = "—" // what stands in a table where there is nothing

// recorded returns the body of a cell that shows what a section recorded.
func (m *module) recorded(folder, argument string) (string, error) {
	chapter, name := path.Split(argument)
	home := folder
	folder, err := inside(home, chapter)
	if err != nil {
		return "", err
	}
	record, err := m.record(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	result, ok := record.Section(name)
	if !ok {
		return "", fmt.Errorf("no section %q is recorded in %s: record it with: go run ./%[2]s -record", name, folder)
	}

	var paragraphs []string
	if result.Prediction != "" {
		paragraphs = append(paragraphs, "*Predicted: "+inLine(result.Prediction)+"*")
	}
	if result.Chart != nil {
		paragraphs = append(paragraphs, picture(relative(home, path.Join(folder, name)), result.Chart.Title))
	}
	for _, g := range result.Grids {
		paragraphs = append(paragraphs, gridTable(g))
		if g.Note != "" {
			paragraphs = append(paragraphs, inLine(g.Note))
		}
	}
	for len(result.Figures) > 0 {
		unit := result.Figures[0].Unit
		var figures, others []notebook.Figure
		for _, f := range result.Figures {
			if f.Unit == unit {
				figures = append(figures, f)
			} else {
				others = append(others, f)
			}
		}
		paragraphs = append(paragraphs, figureTable(unit, figures))
		result.Figures = others
	}
	for _, remark := range result.Remarks {
		paragraphs = append(paragraphs, inLine(remark))
	}
	for _, f := range result.Findings() {
		paragraphs = append(paragraphs, fmt.Sprintf("%s **%s**: %s", symbol(f.Answer), inLine(f.Head), inLine(f.Evidence)))
	}
	paragraphs = append(paragraphs, "<sub>"+inLine(stamp(record))+"</sub>")
	return strings.Join(paragraphs, "\n\n"), nil
}

// figureTable returns the figures of one unit, with the columns that have
// something in them.
func figureTable(unit string, figures []notebook.Figure) string {
	ranged := slices.ContainsFunc(figures, func(f notebook.Figure) bool { return f.Low != f.High })
	predicted := slices.ContainsFunc(figures, func(f notebook.Figure) bool { return f.Predicted != nil })
	header := []string{inTable(unit), "measured"}
	if ranged {
		header = append(header, notebook.IntervalHead(figures))
	}
	if predicted {
		header = append(header, "predicted")
	}
	var rows [][]string
	for _, f := range figures {
		row := []string{inTable(f.Name), f.Format(f.Median)}
		if f.N == 0 {
			row[1] = inTable(f.Missing)
		}
		if ranged && f.Low != f.High {
			row = append(row, measure.Number(f.Low)+" to "+measure.Number(f.High))
		} else if ranged {
			row = append(row, none)
		}
		if predicted && f.Predicted != nil {
			row = append(row, f.Format(*f.Predicted))
		} else if predicted {
			row = append(row, none)
		}
		rows = append(rows, row)
	}
	return table("---:", header, rows)
}

// gridTable returns a grid: the best cells bold, those that were not run in
// italics.
func gridTable(g notebook.Grid) string {
	header := []string{inTable(g.Title)}
	for _, head := range g.Columns {
		var lines []string
		for line := range strings.SplitSeq(head, "\n") {
			lines = append(lines, inTable(line))
		}
		header = append(header, strings.Join(lines, "<br>"))
	}
	var rows [][]string
	for _, r := range g.Rows {
		row := []string{inTable(r.Name)}
		for i := range g.Columns {
			var c notebook.GridCell // empty, where the row is short
			if i < len(r.Cells) {
				c = r.Cells[i]
			}
			text := inTable(c.Text)
			switch {
			case text == "":
				text = none
			case c.Mark == notebook.Best:
				text = "**" + text + "**"
			case c.Mark == notebook.NotRun:
				text = "*" + text + "*"
			}
			row = append(row, text)
		}
		rows = append(rows, row)
	}
	return table("---:", header, rows)
}

// stamp says when and where a record was made.
func stamp(r notebook.Record) string {
	cpus := "CPUs"
	if r.Machine.CPUs == 1 {
		cpus = "CPU"
	}
	python := ""
	if r.Machine.Python != "" {
		python = ", " + r.Machine.Python
	}
	return fmt.Sprintf("Recorded %s with %s on %s, %d %s, GOMAXPROCS %d%s.",
		r.Date, r.Machine.Go, r.Machine.System, r.Machine.CPUs, cpus, r.Machine.GOMAXPROCS, python)
}

// symbol returns the sign of an answer.
func symbol(a measure.Answer) string {
	switch a {
	case measure.Holds:
		return "✅"
	case measure.DoesNotHold:
		return "❌"
	}
	return "⚪"
}
