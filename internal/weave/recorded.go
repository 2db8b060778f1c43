package main

import (
	"cmp"
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

// A recording is what a section recorded, as a page in another folder shows it.
type recording struct {
	notebook.Result
	record notebook.Record
	stem   string // of the section's pictures, as a link
}

// recording returns what the section recorded: SECTION of the folder's chapter,
// or FOLDER/SECTION of another. An engine's page shows those of its chapter.
func (m *module) recording(folder, argument string) (recording, error) {
	chapter, name := path.Split(argument)
	home, err := inside(folder, chapter)
	if err != nil {
		return recording{}, err
	}
	record, err := m.record(home)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return recording{}, err
	}
	result, ok := record.Section(name)
	if !ok {
		return recording{}, fmt.Errorf("no section %q is recorded in %s: record it with: %s -record", name, home, m.goCommand("run", home))
	}
	return recording{result, record, relative(folder, path.Join(home, name))}, nil
}

// answer returns the body of a cell that says what a section found, with the
// picture of its headline figures, if it has one. SECTION / CLAIM is only what it
// found about one sentence; the picture belongs to the first of them.
func (m *module) answer(folder, argument string) (string, error) {
	section, claim, one := strings.Cut(argument, " / ")
	r, err := m.recording(folder, section)
	if err != nil {
		return "", err
	}
	var paragraphs []string
	for _, a := range r.Told() {
		if !one || a.Claim == claim {
			text := inLine(a.Text)
			if a.Lead != "" {
				text = fmt.Sprintf("**%s** %s", inLine(a.Lead), text)
			}
			paragraphs = append(paragraphs, text)
		}
	}
	if paragraphs == nil {
		return "", fmt.Errorf("section %q has recorded no answer", argument)
	}
	if r.Headline != nil && (!one || claim == r.Answers[0].Claim) {
		var words []string
		for _, f := range r.Figures {
			if f.Unit == r.Headline.Unit {
				words = append(words, f.Name+": "+f.Text())
			}
		}
		paragraphs = append(paragraphs, picture(r.stem+"-bars", r.Headline.Title+". "+strings.Join(words, "; ")))
	}
	return strings.Join(paragraphs, "\n\n"), nil
}

// picture returns the body of a cell that shows who ran when, or a grid.
func (m *module) picture(folder, argument string) (string, error) {
	r, err := m.recording(folder, argument)
	if err != nil {
		return "", err
	}
	if r.Chart != nil {
		return picture(r.stem, r.Chart.Title), nil
	}
	if heat, ok := r.Heat(); ok {
		return picture(r.stem, heat.Title), nil
	}
	return "", fmt.Errorf("section %q has recorded no chart of who ran when, and no grid to draw", r.Section)
}

// figure returns one figure as a reader says it. It is named SECTION / ROW, and
// SECTION / ROW / UNIT where a row has several.
func (m *module) figure(folder, argument string) (string, error) {
	names := strings.SplitN(argument, " / ", 3)
	if len(names) < 2 {
		return "", fmt.Errorf("figure %q: write SECTION / ROW or SECTION / ROW / UNIT", argument)
	}
	r, err := m.recording(folder, names[0])
	if err != nil {
		return "", err
	}
	var found []notebook.Figure
	var all []string
	for _, f := range r.Figures {
		if f.Name == names[1] && (len(names) == 2 || f.Unit == names[2]) {
			found = append(found, f)
		}
		all = append(all, f.Name+" / "+f.Unit)
	}
	if len(found) != 1 {
		return "", fmt.Errorf("%d figures are %q: there are %s", len(found), argument, strings.Join(all, "; "))
	}
	return inLine(found[0].Text()), nil
}

// measurement returns the body of a cell that folds a section's measurement.
func (m *module) measurement(folder, argument string) (string, error) {
	r, err := m.recording(folder, argument)
	if err != nil {
		return "", err
	}
	var counts []string
	for _, c := range []struct {
		n    int
		what string
	}{{r.Rounds, "round"}, {len(r.Figures), "figure"}, {len(r.Judgements), "verdict"}} {
		if c.n > 0 {
			counts = append(counts, notebook.Count(c.n, c.what))
		}
	}
	paragraphs := []string{"<details>\n<summary>The measurement: " + strings.Join(counts, ", ") + "</summary>"}
	for _, no := range told(r.Result) {
		if claim, ok := notebook.ClaimByNo(no); ok {
			paragraphs = append(paragraphs, "> **"+no+"** “"+inLine(claim.Quote())+"”")
		}
	}
	paragraphs = append(paragraphs, r.body()...)
	how := place{"How to read this", relative(folder, pageFile) + "#how-it-is-measured"}
	paragraphs = append(paragraphs, "<sub>"+inLine(stamp(r.record))+" "+how.String()+".</sub>", "</details>")
	return strings.Join(paragraphs, "\n\n"), nil
}

// told returns the claims of which the page only tells what was found: they are
// quoted beside their verdicts.
func told(r notebook.Result) (claims []string) {
	for _, a := range r.Answers {
		if a.Lead == "" && !slices.Contains(claims, a.Claim) {
			claims = append(claims, a.Claim)
		}
	}
	return claims
}

// recorded returns the body of a cell that shows the same unfolded, on the page of
// an engine, whose costs it has.
func (m *module) recorded(folder, argument string) (string, error) {
	r, err := m.recording(folder, argument)
	if err != nil {
		return "", err
	}
	return strings.Join(append(r.body(), "<sub>"+inLine(stamp(r.record))+"</sub>"), "\n\n"), nil
}

// body returns prediction, figures, remarks and verdicts.
func (r recording) body() (paragraphs []string) {
	if r.Prediction != "" {
		paragraphs = append(paragraphs, "*Predicted: "+inLine(r.Prediction)+"*")
	}
	for _, g := range r.Grids {
		paragraphs = append(paragraphs, gridTable(g))
		if g.Note != "" {
			paragraphs = append(paragraphs, inLine(g.Note))
		}
	}
	for _, figures := range r.ByUnit() {
		paragraphs = append(paragraphs, figureTable(figures))
	}
	for _, remark := range r.Remarks {
		paragraphs = append(paragraphs, inLine(remark))
	}
	for _, f := range r.Findings() {
		text := strings.TrimSpace(fmt.Sprintf("%s **%s**: %s", symbol(f.Answer), inLine(f.Head), inLine(f.Evidence)))
		if f.Proof != "" {
			text += " (load can't change this: " + inLine(f.Proof) + ")"
		}
		paragraphs = append(paragraphs, text)
	}
	return paragraphs
}

// figureTable returns the figures of one unit, with the columns that have
// something in them.
func figureTable(figures []notebook.Figure) string {
	ranged := slices.ContainsFunc(figures, func(f notebook.Figure) bool { return f.Interval() != "" })
	ideal := slices.ContainsFunc(figures, func(f notebook.Figure) bool { return f.Ideal != nil })
	header := []string{inTable(figures[0].Unit), "measured"}
	if ranged {
		header = append(header, notebook.IntervalHead(figures))
	}
	if ideal {
		header = append(header, "ideal")
	}
	orNone := func(text string) string { return cmp.Or(inTable(text), none) }
	var rows [][]string
	for _, f := range figures {
		row := []string{inTable(f.Name), inTable(f.Text())}
		if ranged {
			row = append(row, orNone(f.Interval()))
		}
		if ideal {
			row = append(row, orNone(f.IdealText()))
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
			mark := map[notebook.Mark]string{notebook.Best: "**", notebook.NotRun: "*"}[c.Mark]
			row = append(row, mark+cmp.Or(inTable(c.Text), none)+mark)
		}
		rows = append(rows, row)
	}
	return table("---:", header, rows)
}

// stamp says when and where a record was made.
func stamp(r notebook.Record) string {
	python := ""
	if r.Machine.Python != "" {
		python = ", " + r.Machine.Python
	}
	return fmt.Sprintf("Recorded %s with %s on %s, %s, GOMAXPROCS %d%s.",
		r.Date, r.Machine.Go, r.Machine.System, notebook.Count(r.Machine.CPUs, "CPU"), r.Machine.GOMAXPROCS, python)
}

// symbol returns the sign of an answer; same and different need none.
func symbol(a measure.Answer) string {
	return map[measure.Answer]string{
		measure.Yes: "✅", measure.No: "❌", measure.InPart: "🟡", measure.CantTell: "⚪",
	}[a]
}
