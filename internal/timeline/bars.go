package timeline

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Bars compares the figures of one unit: a bar for each, from 0 on. The zero
// value is an empty chart; it can be drawn.
type Bars struct {
	Title string
	Unit  string // what the numbers are, as under the axis: "seconds"
	Rows  []Bar  // drawn in this order
}

// A Bar is one figure of [Bars]. Its Name begins with a language or an engine,
// and a comma: "Go, goroutines". Bars of the same one have the same colour.
type Bar struct {
	Name      string
	Value     float64 // where it is NaN or not above 0, there is no bar, only the text
	Low, High float64 // its interval; the same number twice where there is none
	Ideal     float64 // what it would be if nothing else cost anything; NaN where nobody knows
	Text      string  // the value as a reader says it: "2.61 s"
}

const (
	valueGap   = 7.0    // between a bar and its text
	rowGap     = 6.0    // before a name above its bar, and before another colour
	nameHeight = 20.0   // of a name above its bar
	finest     = 1e-300 // the smallest step of a scale
)

// prepare returns the chart without intervals that cannot be drawn.
func (b Bars) prepare() Bars {
	ready := Bars{Title: b.Title, Unit: b.Unit}
	for _, r := range b.Rows {
		if r.Low = max(r.Low, 0); math.IsNaN(r.Value) || !(r.Low < r.High) {
			r.Low, r.High = r.Value, r.Value
		}
		ready.Rows = append(ready.Rows, r)
	}
	return ready
}

func (r Bar) hasInterval() bool { return r.Low < r.High }

func (r Bar) hasIdeal() bool { return !math.IsNaN(r.Ideal) }

// language returns what the name begins with.
func (r Bar) language() string {
	language, _, _ := strings.Cut(r.Name, ",")
	return language
}

// largestOf returns the largest of some numbers and 0, leaving out NaN.
func largestOf(numbers ...float64) float64 {
	most := 0.0
	for _, n := range numbers {
		if n > most {
			most = n
		}
	}
	return most
}

// SVG draws the chart as a picture for a page: 480 wide, on no background, in
// colours for a light page or for a dark one. The same chart gives the same
// bytes. Beyond six languages the colours repeat. A bar is as long as its value
// is large, however small beside the others, but never too short to be seen.
// Names stand above the bars where they would take more than half of the width.
func (b Bars) SVG(darkPage bool) []byte {
	p := &barsPicture{picture: newPicture(darkPage), Bars: b.prepare()}
	p.measure()
	p.heading(p.Title, titleFont)
	if p.Title != "" {
		p.y += 8
	}
	if len(p.Rows) == 0 {
		p.nothing()
	} else {
		p.rows()
		p.axis()
		p.legend()
	}
	return p.whole(cmp.Or(p.Title, "Bars"), p.inWords())
}

// A barsPicture is a bar chart that is being drawn as SVG.
type barsPicture struct {
	picture
	Bars
	above     bool     // whether names stand above their bars
	languages []string // Go and CPython, which look the same on all pages, and others in order
	length    float64  // of the scale, up to the right edge
	ticks     []float64
}

// measure finds out where bars begin, and the largest scale that has room for
// each bar and for the text at its end.
func (p *barsPicture) measure() {
	p.languages = []string{"Go", "CPython"}
	for _, r := range p.Rows {
		p.left = max(p.left, textWidth(r.Name, laneFont)+space)
		if !slices.Contains(p.languages, r.language()) {
			p.languages = append(p.languages, r.language())
		}
	}
	if p.left > pictureWidth/2 {
		p.above, p.left = true, 1 // for the half of the line at 0
	}
	width := right - p.left
	for i := range p.Rows {
		r := &p.Rows[i]
		r.Text = shorten(r.Text, fitting(width/2, smallFont)) // the other half is the bar's
		room := width - valueGap - textWidth(r.Text, smallFont)
		p.length = max(p.length, largestOf(r.Value, r.High, r.Ideal)/room*width)
	}
	p.ticks = []float64{0}
	if p.length == 0 {
		p.length = 1 // of which nothing is drawn but where it begins
		return
	}
	step := niceStep(p.length, finest, 4)
	for n := 1.0; n*step <= p.length; n++ {
		p.ticks = append(p.ticks, n*step)
	}
}

// x returns where a number stands.
func (p *barsPicture) x(v float64) float64 {
	return p.left + float64(v/p.length*(right-p.left)) // rounded here, so that each processor draws the same
}

func (p *barsPicture) rows() {
	top := p.y
	tops := make([]float64, len(p.Rows))
	for i, r := range p.Rows {
		if i > 0 && p.above {
			p.y += rowGap
		}
		if i > 0 && r.language() != p.Rows[i-1].language() {
			p.y += rowGap
		}
		tops[i] = p.y
		if p.above {
			p.y += nameHeight * float64(len(p.nameLines(r)))
		}
		p.y += laneHeight
	}
	for _, t := range p.ticks {
		if !p.above { // where it would run through the names
			p.gridLine(p.x(t), top, p.y)
		}
	}
	for i, r := range p.Rows {
		p.row(r, tops[i])
	}
}

// nameLines returns the lines of a name above its bar.
func (p *barsPicture) nameLines(r Bar) []string {
	return wrap(r.Name, fitting(right, laneFont))
}

func (p *barsPicture) row(r Bar, y float64) {
	if p.above {
		for _, line := range p.nameLines(r) {
			p.rimmedText(0, y+17, line, laneFont)
			y += nameHeight
		}
	} else {
		p.text(0, y+18, r.Name, laneFont, p.look.text, "")
	}
	if r.Value > 0 {
		colour := p.spans[slices.Index(p.languages, r.language())%len(p.spans)]
		p.box(p.left, y+3, max(p.x(r.Value)-p.left, 1), barHeight, colour)
	}
	end := p.x(largestOf(r.Value, r.High)) + valueGap
	if r.hasIdeal() {
		x := p.x(r.Ideal)
		p.ideal(x, y, laneHeight)
		if end-valueGap <= x && x <= end+textWidth(r.Text, smallFont)+valueGap {
			end = x + valueGap
		}
	}
	if r.hasInterval() {
		p.whisker(p.x(r.Low), p.x(r.High), y+laneHeight/2)
	}
	p.rimmedText(end, y+17.5, r.Text, smallFont)
}

// ideal draws the mark of an ideal.
func (p *barsPicture) ideal(x, y, height float64) {
	p.rimmed(fmt.Sprintf("M%s %sv%s", num(x), num(y), num(height)), ` stroke-dasharray="4 3"`)
}

// whisker draws an interval.
func (p *barsPicture) whisker(low, high, y float64) {
	p.rimmed(fmt.Sprintf("M%s %sv8m0 -4H%sm0 -4v8", num(low), num(y-4), num(high)), "")
}

// rimmedText writes a text that is set off from the grid under it.
func (p *barsPicture) rimmedText(x, y float64, text string, font float64) {
	p.text(x, y, text, font, p.look.text,
		fmt.Sprintf(` stroke="%s" stroke-width="4" stroke-linejoin="round" paint-order="stroke"`, p.page))
}

// rimmed draws a line that is set off from the bar under it.
func (p *barsPicture) rimmed(d, attributes string) {
	p.path(d, p.page, ` stroke-width="4"`)
	p.path(d, p.look.text, ` stroke-width="1.5"`+attributes)
}

func (p *barsPicture) axis() {
	p.y += 18
	reached := 0.0
	for _, t := range p.ticks {
		text := figure(t)
		half := textWidth(text, smallFont) / 2
		if x := min(p.x(t), pictureWidth-half); t == 0 || x-half >= reached { // where texts are long, every second one
			p.tick(x, text)
			reached = x + half + space/2
		}
	}
	for _, line := range wrap(p.Unit, fitting(right-p.left, smallFont)) {
		p.y += 18
		p.text(p.left, p.y-3, line, smallFont, p.quiet, "")
	}
}

func (p *barsPicture) legend() {
	var signs []sign
	if slices.ContainsFunc(p.Rows, Bar.hasInterval) {
		signs = append(signs, sign{"interval", func(x, y float64) { p.whisker(x+1, x+11, y) }})
	}
	if slices.ContainsFunc(p.Rows, Bar.hasIdeal) {
		signs = append(signs, sign{"ideal: if nothing else cost anything", func(x, y float64) { p.ideal(x+6, y-9, 18) }})
	}
	if len(signs) > 0 {
		p.explain(signs)
	}
}

// inWords says what is to be seen, for those who do not see it.
func (p *barsPicture) inWords() string {
	if len(p.Rows) == 0 {
		return "No bars: " + nothing + "."
	}
	words := "Bars from 0 on"
	if p.Unit != "" {
		words += ", in this unit: " + p.Unit
	}
	words += "."
	for _, r := range p.Rows {
		words += fmt.Sprintf(" %s: %s", r.Name, r.Text)
		if r.hasInterval() {
			words += fmt.Sprintf(", interval %s to %s", figure(r.Low), figure(r.High))
		}
		if r.hasIdeal() {
			words += ", ideal " + figure(r.Ideal)
		}
		words += "."
	}
	return words
}

// figure returns the first four digits of a number from 0 on, its thousands
// separated.
func figure(v float64) string {
	text := strconv.FormatFloat(v, 'g', 4, 64)
	if v != 0 && (v < 1e-6 || v >= 1e15) {
		return text
	}
	v, _ = strconv.ParseFloat(text, 64)
	whole, part, found := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if found {
		whole += "." + part
	}
	return whole
}
