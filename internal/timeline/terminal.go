package timeline

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/fatih/color"
)

const (
	narrowest = 36
	indent    = "  "
	legendGap = "   "
	gap       = 2  // columns between a lane's name and its bars
	tickRoom  = 10 // columns that a tick has for its text
)

// Text draws the chart for a terminal, in lines of at most width columns (no
// fewer than 36), each ended by a newline. Each lane is a row of cells, and a
// cell stands for a slice of time:
//
//   - It shows the label that has most of it, and of two that have the same
//     the one that began last; it is blank where less than half of it is
//     covered.
//   - A span that would show nowhere, being too short, has the cell where it
//     mostly is, if that is blank or belongs to a span with cells to spare: a
//     long span gives up less than half of its cells, so that what is seen is
//     still what took the time.
//   - A mark is ✕, on top of everything.
//
// Without colour each of several labels is a letter, and a span begins with its
// capital: SsssSss are two spans of the label s. Other ways to show where one
// ends and the next begins look like another label (ssssSSS) or lose a cell
// (ssss|ss). In colour, or with one label, a cell is a block, and the last one of a span is a little narrower
// where another span follows (▉): the gap is the same for the eye in each
// colour, where a second shade (▓) would be a second meaning. Beyond six labels
// the colours repeat.
func (c Chart) Text(width int, coloured bool) string {
	t := newTerminal(c.prepare(), max(width, narrowest), coloured)
	t.text("", t.Title, t.title)
	for i, panel := range t.Panels {
		if i > 0 || t.Title != "" {
			t.line("")
		}
		t.text("", panel.Title, t.panel)
		for _, lane := range panel.Lanes {
			t.lane(lane)
		}
		if len(panel.Lanes) == 0 {
			t.text(indent, nothing, t.faint)
		}
	}
	if t.lanes() > 0 {
		t.axis()
	}
	if t.toldApart() {
		t.line("")
		t.legend()
	}
	return t.b.String()
}

// A terminal is a chart that is being drawn as text.
type terminal struct {
	prepared
	width, names, cols int // in columns: of all, of the lanes' names, of the bars
	letters            map[string]rune
	inks               map[string]*color.Color
	coloured           bool

	title, panel, faint, mark *color.Color
	b                         strings.Builder
}

func newTerminal(p prepared, width int, coloured bool) *terminal {
	ink := func(attributes ...color.Attribute) *color.Color {
		c := color.New(attributes...)
		if c.DisableColor(); coloured {
			c.EnableColor()
		}
		return c
	}
	t := &terminal{
		prepared: p, width: width, coloured: coloured,
		letters: letters(p.labels), inks: make(map[string]*color.Color),
		title: ink(color.FgCyan, color.Bold), panel: ink(color.Bold), faint: ink(color.Faint), mark: ink(color.FgRed, color.Bold),
	}
	for i, label := range p.labels {
		t.inks[label] = ink(colours[i%len(colours)])
	}
	for _, panel := range p.Panels {
		for _, lane := range panel.Lanes {
			t.names = max(t.names, utf8.RuneCountInString(lane.Name))
		}
	}
	t.names = min(t.names, width/2-len(indent)-gap) // half of the width is the bars'
	t.cols = width - len(indent) - t.names - gap
	return t
}

// Red is left to marks. Each is told from the next by those who see no red or
// no green too.
var colours = []color.Attribute{color.FgBlue, color.FgYellow, color.FgCyan, color.FgMagenta, color.FgGreen, color.FgWhite}

func (t *terminal) line(text string) { t.b.WriteString(strings.TrimRight(text, " ") + "\n") }

func (t *terminal) text(indent, text string, ink *color.Color) {
	for _, line := range wrap(text, t.width-len(indent)) {
		t.line(indent + ink.Sprint(line))
	}
}

// beside begins a line with a name in the column of names.
func (t *terminal) beside(name, text string) {
	name = shorten(name, t.names)
	pad := t.names - utf8.RuneCountInString(name) + gap
	t.line(indent + name + strings.Repeat(" ", pad) + text)
}

func (t *terminal) lane(l Lane) {
	shown := cells(l.Spans, t.length, t.cols)
	moments := make([]bool, t.cols)
	for _, s := range l.Spans {
		if s.mark() {
			moments[t.cell(s.Start)] = true
		}
	}
	var b strings.Builder
	for i, span := range shown {
		switch {
		case moments[i]:
			b.WriteString(t.mark.Sprint("✕"))
		case span < 0:
			b.WriteString(" ")
		default:
			label := l.Spans[span].Label
			b.WriteString(t.inks[label].Sprint(t.glyph(label, shown, i)))
		}
	}
	t.beside(l.Name, b.String())
}

// glyph returns what cell i of a lane shows of a label.
func (t *terminal) glyph(label string, shown []int, i int) string {
	blocks := t.coloured || len(t.labels) == 1
	switch letter := t.letters[label]; {
	case blocks && i+1 < len(shown) && shown[i+1] >= 0 && shown[i+1] != shown[i]:
		return "▉"
	case blocks:
		return "█"
	case slices.Index(shown, shown[i]) == i:
		return string(unicode.ToUpper(letter))
	default:
		return string(letter)
	}
}

// cell returns the cell in which a moment lies.
func (t *terminal) cell(at time.Duration) int {
	return min(int(t.at(at, float64(t.cols))), t.cols-1)
}

// axis draws the scale: a tick stands in the cell in which its time lies, and
// its text begins there.
func (t *terminal) axis() {
	rule := []rune(strings.Repeat("─", t.cols))
	texts := []rune(strings.Repeat(" ", t.cols))
	times, names := ticks(t.length, t.cols/tickRoom)
	for i, at := range times {
		cell, name := t.cell(at), []rune(names[i])
		rule[cell] = '┼'
		copy(texts[min(cell, t.cols-len(name)):], name) // the last one has the unit, and may need room
	}
	rule[0] = '├'
	t.beside("", t.faint.Sprint(string(rule)))
	t.beside("", t.faint.Sprint(strings.TrimRight(string(texts), " ")))
}

// legend says which sign stands for which label.
func (t *terminal) legend() {
	var entries []string
	var inks []*color.Color
	for _, label := range t.labels {
		sign := "█"
		if !t.coloured {
			sign = string(t.letters[label])
		}
		entries, inks = append(entries, sign+" "+label), append(inks, t.inks[label])
	}
	if len(t.marks) > 0 {
		entries, inks = append(entries, "✕ "+strings.Join(t.marks, ", ")), append(inks, t.mark)
	}
	for _, line := range flow(entries, len(legendGap), t.width-len(indent)) {
		for i, entry := range line {
			sign, label, _ := strings.Cut(entry, " ")
			line[i] = inks[i].Sprint(sign) + " " + label
		}
		inks = inks[len(line):]
		t.line(indent + strings.Join(line, legendGap))
	}
}

// cells returns for each of n cells which span it shows, -1 for none: see Text.
func cells(spans []Span, length time.Duration, n int) []int {
	shown := make([]int, n)
	count := make([]int, len(spans)) // how many cells show the span
	edge := func(cell int) float64 { return float64(length) * float64(cell) / float64(n) }
	for cell := range shown {
		shown[cell] = fullest(spans, edge(cell), edge(cell+1))
		if shown[cell] >= 0 {
			count[shown[cell]]++
		}
	}
	spare := make([]int, len(spans)) // how many of them it can give up
	for i, c := range count {
		spare[i] = (c - 1) / 2
	}
	for i, s := range spans {
		if s.mark() || count[i] > 0 {
			continue
		}
		middle := (float64(s.Start) + float64(s.End)) / 2
		cell := min(int(middle/float64(length)*float64(n)), n-1)
		if owner := shown[cell]; owner < 0 {
			shown[cell] = i
		} else if spare[owner] > 0 {
			spare[owner]--
			shown[cell] = i
		}
	}
	return shown
}

// fullest returns the span that has most of a slice of time, among those of the
// label that has most of it; -1 if less than half of the slice is covered.
func fullest(spans []Span, from, to float64) int {
	within := func(s Span) float64 { return max(min(float64(s.End), to)-max(float64(s.Start), from), 0) }
	shares := make(map[string]float64)
	covered, reached := 0.0, from
	for _, s := range spans {
		if share := within(s); share > 0 {
			shares[s.Label] += share
			end := min(float64(s.End), to)
			covered += max(end-max(float64(s.Start), reached), 0)
			reached = max(reached, end)
		}
	}
	best := -1
	if covered == 0 || covered < (to-from)/2 {
		return best
	}
	for i, s := range spans {
		if within(s) == 0 {
			continue
		}
		if best < 0 || cmp.Or(
			cmp.Compare(shares[s.Label], shares[spans[best].Label]),
			cmp.Compare(within(s), within(spans[best]))) >= 0 {
			best = i
		}
	}
	return best
}

// letters gives each label a letter: the first of its own that is free, or else
// the first of the alphabet. Where there is none left, # stands for the rest.
func letters(labels []string) map[string]rune {
	const alphabet = "abcdefghijklmnopqrstuvwxyz"
	given := make(map[string]rune)
	taken := make(map[rune]bool)
	for _, label := range labels {
		given[label] = '#'
		for _, r := range strings.ToLower(label) + alphabet {
			if strings.ContainsRune(alphabet, r) && !taken[r] {
				given[label], taken[r] = r, true
				break
			}
		}
	}
	return given
}
