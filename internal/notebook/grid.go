package notebook

import (
	"cmp"
	"strings"

	"github.com/fatih/color"

	"concurrency-notebook/internal/timeline"
)

// A Grid is a table of cells that are read against each other: ways to do
// something as rows, what they are asked to do as columns.
type Grid struct {
	Title   string    `json:"title"`
	Columns []string  `json:"columns"` // their heads; a line break in one stays
	Rows    []GridRow `json:"rows"`
	Note    string    `json:"note,omitempty"` // what the cells and their marks mean
}

// A GridRow is one row of a Grid.
type GridRow struct {
	Name  string     `json:"name"`
	Cells []GridCell `json:"cells"` // one a column; those that are missing are empty
}

// A GridCell is one cell of a Grid.
type GridCell struct {
	Text   string  `json:"text"`
	Mark   Mark    `json:"mark,omitempty"`
	Factor float64 `json:"factor,omitempty"` // how many times the best it is, where it is drawn by that
}

// A Mark says what a cell of a Grid stands out for.
type Mark string

// The marks. Most cells have none of them.
const (
	Best   Mark = "best"
	Bad    Mark = "bad"
	NotRun Mark = "not run" // what it says was not measured
)

// heat returns what draws the grid by the factors of its cells, and whether they
// have some. Rows without any are left out: they say what the best is.
func (g Grid) heat() (h timeline.Heat, ok bool) {
	h.Title = g.Title
	for _, head := range g.Columns {
		h.Columns = append(h.Columns, strings.ReplaceAll(head, "\n", " "))
	}
	for _, row := range g.Rows {
		r := timeline.HeatRow{Name: row.Name, Cells: make([]timeline.HeatCell, len(g.Columns))}
		drawn := false
		for i, c := range row.Cells {
			drawn = drawn || c.Factor > 0
			r.Cells[i] = timeline.HeatCell{Text: c.Text, Factor: c.Factor}
		}
		if drawn {
			h.Rows = append(h.Rows, r)
		}
	}
	return h, len(h.Rows) > 0
}

// Heat returns the section's picture, where that is a grid.
func (r Result) Heat() (timeline.Heat, bool) {
	for _, g := range r.Grids {
		if h, ok := g.heat(); ok {
			return h, true
		}
	}
	return timeline.Heat{}, false
}

// Grid shows a grid, above the figures. If its cells have factors, it is the
// section's picture.
func (lab *Lab) Grid(g Grid) { lab.result.Grids = append(lab.result.Grids, g) }

// grid prints a grid: its cells under their heads, to the right. Columns for
// which there is no room beside the others stand below them.
func (p *page) grid(g Grid) {
	names := column{heads: []string{g.Title}, left: true}
	for _, row := range g.Rows {
		names.add(row.Name, nil)
	}
	inks := map[Mark]*color.Color{Best: p.best, Bad: p.bad, NotRun: p.faint}
	var columns []column
	for i, head := range g.Columns {
		c := column{heads: strings.Split(head, "\n")}
		for _, row := range g.Rows {
			var cell GridCell
			if i < len(row.Cells) {
				cell = row.Cells[i]
			}
			text := cmp.Or(cell.Text, "—")
			if cell.Mark == Best && !p.coloured { // a star says it
				text = "*" + text
			}
			c.add(text, inks[cell.Mark])
		}
		columns = append(columns, c)
	}
	for n := 0; len(columns) > 0; columns = columns[n:] {
		if n > 0 {
			p.println()
		}
		room := p.width - len(margin) - names.width()
		for n = 0; n < len(columns) && (n == 0 || room >= columns[n].room()); n++ {
			room -= columns[n].room()
		}
		p.columns(append([]column{names}, columns[:n]...), func(int) string { return "" })
	}
	if g.Note != "" {
		p.text(margin, margin, g.Note, p.faint)
	}
}
