package notebook

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fatih/color"

	"concurrency-notebook/internal/measure"
)

// A page is the chapter on the terminal, or in a file.
type page struct {
	w        io.Writer
	width    int
	live     bool // progress may be drawn over
	coloured bool

	title, quote, faint, bar, mark *color.Color
	best, bad                      *color.Color // of a grid's cells
	answers                        map[measure.Answer]*color.Color
	lead                           *color.Color
}

const (
	narrowest = 40
	widest    = 100 // beyond it, lines are hard to read
	margin    = "  "
)

// newPage returns a page on w, as wide as the terminal and in its colours; in a
// file it is 80 columns wide and plain.
func newPage(w io.Writer, o options) *page {
	columns := terminalWidth(os.Stdout)
	p := &page{w: w, width: 80, live: columns > 0 && os.Getenv("TERM") != "dumb" && !o.json}
	if columns > 0 {
		p.width = min(max(columns, narrowest), widest)
	}
	p.paint(!color.NoColor && !o.plain)
	return p
}

func (p *page) paint(coloured bool) {
	p.coloured = coloured
	ink := func(attributes ...color.Attribute) *color.Color {
		c := color.New(attributes...)
		if c.DisableColor(); coloured {
			c.EnableColor()
		}
		return c
	}
	p.title = ink(color.FgCyan, color.Bold)
	p.quote = ink(color.Italic)
	p.faint = ink(color.Faint)
	p.bar = ink(color.FgBlue)
	p.mark = ink(color.FgYellow)
	p.best = ink(color.FgGreen, color.Bold)
	p.bad = ink(color.FgRed)
	p.lead = ink(color.Bold)
	p.answers = map[measure.Answer]*color.Color{
		measure.Yes: ink(color.FgGreen, color.Bold), measure.Same: ink(color.FgGreen, color.Bold),
		measure.No: ink(color.FgRed, color.Bold), measure.Different: ink(color.FgCyan, color.Bold),
		measure.InPart: ink(color.FgYellow, color.Bold), measure.CantTell: ink(color.FgYellow, color.Bold),
	}
}

func (p *page) opening(c Chapter) {
	p.println(p.title.Sprint(c.Name + "  " + c.Title))
	p.println()
	p.text("", "", c.Answer, nil)
	p.println()
}

func (p *page) machine(m Machine) {
	p.clear()
	where := fmt.Sprintf("%s on %s, %s, GOMAXPROCS %d", m.Go, m.System, Count(m.CPUs, "CPU"), m.GOMAXPROCS)
	if m.Python != "" {
		where += "; " + m.Python
	}
	p.text("", "", where, p.faint)
}

func (p *page) section(s Section) {
	head := fmt.Sprintf("── %s %s %s ──", s.Title, "%s", s.Name)
	if rule := p.width - utf8.RuneCountInString(head) + len("%s"); rule >= 2 {
		head = fmt.Sprintf(head, strings.Repeat("─", rule))
	} else { // the name is on the command line, or in -list
		head = "── " + s.Title
	}
	p.println()
	p.println(p.title.Sprint(head))
	for _, no := range s.Claims {
		claim, _ := ClaimByNo(no)
		p.println()
		p.text(margin+no+"  ", strings.Repeat(" ", len(margin+no+"  ")), claim.quoted(), p.quote)
	}
	p.println()
	if s.Shows != "" {
		p.text(margin, margin, s.Shows, nil)
	}
}

// demo returns where a demo writes: each of its lines is set off by a bar.
func (p *page) demo() io.Writer { return &demoWriter{page: p} }

type demoWriter struct {
	page *page
	line []byte // what has been written of a line
}

func (d *demoWriter) Write(text []byte) (int, error) {
	for part := range bytes.Lines(text) {
		d.line = append(d.line, part...)
		if !bytes.HasSuffix(part, []byte("\n")) {
			break
		}
		if err := d.flush(); err != nil {
			return 0, err
		}
	}
	return len(text), nil
}

// flush prints a line, broken where the page ends.
func (d *demoWriter) flush() error {
	line := []rune(strings.TrimRight(string(d.line), "\n"))
	d.line = nil
	room := d.page.width - len(margin) - utf8.RuneCountInString("│ ")
	for first := true; first || len(line) > 0; first = false {
		n := min(room, len(line))
		if n < len(line) { // at a space, if there's one near
			for space := n - 1; space > n/2; space-- {
				if line[space] == ' ' {
					n = space + 1
					break
				}
			}
		}
		if _, err := fmt.Fprintln(d.page.w, strings.TrimRight(margin+d.page.faint.Sprint("│ ")+string(line[:n]), " ")); err != nil {
			return err
		}
		line = line[n:]
	}
	return nil
}

func (p *page) prediction(text string) {
	p.clear()
	p.println()
	p.text(margin+"Predicted: ", margin+"           ", text, nil)
}

// findings prints what came of an experiment.
func (p *page) findings(r Result) {
	p.clear()
	several := slices.ContainsFunc(r.Answers, func(a Answer) bool { return a.Claim != r.Answers[0].Claim })
	for _, a := range r.Told() {
		p.println()
		if several { // which of the sentences above it's about
			a.Lead = strings.TrimSpace(a.Claim + ": " + a.Lead)
		}
		p.said(a.String(), a.Lead, p.lead)
	}
	if r.Chart != nil {
		p.println()
		for line := range strings.Lines(r.Chart.Text(p.width-len(margin), p.coloured)) {
			p.println(strings.TrimRight(margin+line, "\n "))
		}
	}
	for _, g := range r.Grids {
		p.println()
		p.grid(g)
	}
	for _, figures := range r.ByUnit() {
		p.println()
		p.table(figures)
	}
	if len(r.Remarks) > 0 {
		p.println()
	}
	for _, remark := range r.Remarks {
		p.text(margin, margin, remark, p.faint)
	}
	if len(r.Judgements) > 0 {
		p.println()
	}
	for _, finding := range r.Findings() {
		head := signs[finding.Answer] + " " + finding.Head
		p.said(head+". "+sentence(finding.Evidence), head, p.answers[finding.Answer])
	}
	if r.Error != "" {
		p.println()
		p.text(margin, margin, "✘ failed: "+r.Error, p.answers[measure.No])
	}
}

var signs = map[measure.Answer]string{
	measure.Yes: "✔", measure.No: "✘", measure.InPart: "◐", measure.CantTell: "○",
	measure.Same: "=", measure.Different: "≠",
}

// said prints a text that begins with a head in a colour of its own.
func (p *page) said(text, head string, ink *color.Color) {
	for i, line := range wrap(text, p.width-len(margin)-2) {
		rest, whole := strings.CutPrefix(line, head)
		switch {
		case i > 0:
			line = "  " + line
		case whole:
			line = ink.Sprint(head) + rest
		default: // the head itself goes on in the next line
			line = ink.Sprint(line)
		}
		p.println(margin + line)
	}
}

func (p *page) closing(c Chapter, sections int, results []Result, failed int, took time.Duration) {
	p.println()
	text := fmt.Sprintf("%s in %.0f s", Count(sections, "section"), took.Seconds())
	if failed > 0 {
		text += fmt.Sprintf(", %d failed", failed)
	}
	p.text("", "", text+". "+c.beside(results), nil)
	p.text("", "", fmt.Sprintf("The page of this chapter: %s/README.md", c.Name), p.faint)
}

// table prints the figures of one unit, with bars where there is room: the
// mark in a bar is the ideal.
func (p *page) table(figures []Figure) {
	name, measured := column{heads: []string{figures[0].Unit}, left: true}, column{heads: []string{"measured"}}
	interval, ideal := column{heads: []string{IntervalHead(figures)}}, column{heads: []string{"ideal ┃"}} // as in the bars
	longest := 0.0
	for _, f := range figures {
		name.add(f.Name, nil)
		measured.add(f.Text(), nil)
		interval.add(f.Interval(), nil)
		ideal.add(f.IdealText(), nil)
		longest = max(longest, f.Median)
		if f.Ideal != nil {
			longest = max(longest, *f.Ideal)
		}
	}
	const shortestBar, longestBar = 8, 30
	room := p.width - len(margin) - name.room() - measured.room() - interval.room() - ideal.room()
	if room < shortestBar { // a narrow terminal: the bar says more than the interval
		room += interval.room()
		interval = column{}
	}
	if room+len(gap) < 0 { // without a bar, there need be no gap before it
		ideal = column{}
	}
	p.columns([]column{name, measured, interval, ideal}, func(row int) string {
		if room < shortestBar || longest <= 0 {
			return ""
		}
		return p.drawBar(figures[row], longest, min(room, longestBar))
	})
}

func (p *page) drawBar(f Figure, longest float64, room int) string {
	at := func(x float64) int { return int(x/longest*float64(room) + 0.5) }
	filled, mark := at(f.Median), -1
	if f.Ideal != nil {
		mark = min(max(at(*f.Ideal)-1, 0), room-1)
	}
	var b strings.Builder
	for i := range room {
		switch {
		case i == mark:
			b.WriteString(p.mark.Sprint("┃"))
		case i < filled:
			b.WriteString(p.bar.Sprint("█"))
		default:
			b.WriteString(" ")
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// A column of a table. Its heads are lines, the last of them above the cells.
type column struct {
	heads, cells []string
	inks         []*color.Color // of the cells; nil for those in no colour
	left         bool
}

func (c *column) add(cell string, ink *color.Color) {
	c.cells, c.inks = append(c.cells, cell), append(c.inks, ink)
}

// empty tells whether there is nothing in the column: it is left out.
func (c column) empty() bool { return strings.Join(c.cells, "") == "" }

func (c column) width() int {
	width := 0
	for _, text := range slices.Concat(c.heads, c.cells) {
		width = max(width, utf8.RuneCountInString(text))
	}
	return width
}

// room returns how wide the column is, with the gap behind it.
func (c column) room() int {
	if c.empty() {
		return 0
	}
	return c.width() + len(gap)
}

const gap = "  "

// cell returns one row of the column, -1 being its last head, padded to its width.
func (c column) cell(row int) string {
	text, ink := "", (*color.Color)(nil)
	if head := len(c.heads) + row; row >= 0 {
		text, ink = c.cells[row], c.inks[row]
	} else if head >= 0 {
		text = c.heads[head]
	}
	pad := strings.Repeat(" ", c.width()-utf8.RuneCountInString(text))
	if ink != nil {
		text = ink.Sprint(text)
	}
	if c.left {
		return text + pad
	}
	return pad + text
}

// columns prints columns side by side, and behind each row what more returns.
func (p *page) columns(columns []column, more func(row int) string) {
	columns = slices.DeleteFunc(columns, column.empty)
	heads := 0
	for _, c := range columns {
		heads = max(heads, len(c.heads))
	}
	for row := -heads; row < len(columns[0].cells); row++ {
		line := margin
		for _, c := range columns {
			line += c.cell(row) + gap
		}
		if row < 0 {
			p.println(p.faint.Sprint(strings.TrimRight(line, " ")))
		} else {
			p.println(strings.TrimRight(line+more(row), " "))
		}
	}
}

// progress says in one line what is being done, on a terminal only.
func (p *page) progress(format string, args ...any) {
	if p.live {
		text := []rune(fmt.Sprintf(margin+"… "+format, args...))
		fmt.Fprint(p.w, "\r\x1b[2K"+p.faint.Sprint(string(text[:min(len(text), p.width-1)])))
	}
}

// clear removes the progress line.
func (p *page) clear() {
	if p.live {
		fmt.Fprint(p.w, "\r\x1b[2K")
	}
}

func (p *page) println(text ...any) { fmt.Fprintln(p.w, text...) }

// text prints a paragraph, its first line behind one indent, the others behind
// another.
func (p *page) text(first, rest, text string, ink *color.Color) {
	for i, line := range wrap(text, p.width-utf8.RuneCountInString(first)) {
		if ink != nil {
			line = ink.Sprint(line)
		}
		if i == 0 {
			p.println(first + line)
		} else {
			p.println(rest + line)
		}
	}
}

// wrap breaks a text at its spaces into lines of at most width runes; a longer
// word stands on a line of its own. Line breaks of the text stay.
func wrap(text string, width int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := ""
		for word := range strings.FieldsSeq(paragraph) {
			switch {
			case line == "":
				line = word
			case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width:
				line += " " + word
			default:
				lines = append(lines, line)
				line = word
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// Count says how many there are of something: "1 round", "9 rounds".
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
