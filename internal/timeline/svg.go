package timeline

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Lengths in a picture, in its own units. A phone shows it at 0.7 of its size:
// what is smaller than smallFont cannot be read there.
const (
	pictureWidth = 480.0
	right        = pictureWidth - 8 // where bars end; a mark stands out a little
	titleFont    = 17.0
	laneFont     = 15.0
	smallFont    = 13.0 // of the axis, the legend and the marks
	laneHeight   = 26.0
	barHeight    = 20.0
	space        = 10.0 // between a text and what it stands beside
	tickWidth    = 55.0
)

// A look is what differs between a picture for a light page and one for a dark.
type look struct {
	page, text, quiet, grid, track string
	spans                          []string
}

// The colours of spans are near to those of Okabe and Ito, which those who see
// no red or no green can tell apart, made darker or lighter until each stands
// out from GitHub's page by 3:1.
var (
	light = look{
		page: "#ffffff", text: "#1f2328", quiet: "#59636e", grid: "#d1d9e0", track: "#f3f5f8",
		spans: []string{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a7400", "#59636e"},
	}
	dark = look{
		page: "#0d1117", text: "#f0f6fc", quiet: "#9198a1", grid: "#3d444d", track: "#161c24",
		spans: []string{"#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#f0e442", "#9198a1"},
	}
)

// SVG draws the chart as a picture for a page: 480 wide, on no background, in
// colours for a light page or for a dark one. The same chart gives the same
// bytes. Beyond six labels the colours repeat. No span is too short to be seen;
// where spans overlap, the one that began last lies on top. The label of a mark
// stands beside it where there is room.
func (c Chart) SVG(darkPage bool) []byte {
	p := &picture{prepared: c.prepare(), look: light}
	if darkPage {
		p.look = dark
	}
	names := fitting(pictureWidth/2, laneFont) // half of the width is the bars'
	for _, panel := range p.Panels {
		for i, lane := range panel.Lanes {
			panel.Lanes[i].Name = shorten(lane.Name, names)
			p.left = max(p.left, textWidth(panel.Lanes[i].Name, laneFont)+space)
		}
	}
	p.times, p.ticks = ticks(p.length, int((right-p.left)/tickWidth))

	p.heading(p.Title, titleFont)
	for i, panel := range p.Panels {
		if i > 0 || p.Title != "" {
			p.y += 8
		}
		p.panel(panel)
	}
	if p.lanes() > 0 {
		p.axis()
	}
	if p.toldApart() {
		p.legend()
	}
	return p.whole()
}

// A picture is a chart that is being drawn as SVG, from the top down.
type picture struct {
	prepared
	look
	times []time.Duration // of the ticks
	ticks []string
	left  float64 // where bars begin
	y     float64 // how far down it is drawn
	b     bytes.Buffer
}

func (p *picture) x(t time.Duration) float64 { return p.left + p.at(t, right-p.left) }

func (p *picture) colour(label string) string {
	return p.spans[slices.Index(p.labels, label)%len(p.spans)]
}

func (p *picture) text(x, y float64, text string, font float64, colour, attributes string) {
	fmt.Fprintf(&p.b, `<text x="%s" y="%s" font-size="%s" fill="%s"%s>%s</text>`+"\n",
		num(x), num(y), num(font), colour, attributes, escape(text))
}

func (p *picture) box(x, y, width, height float64, colour string) {
	fmt.Fprintf(&p.b, `<rect x="%s" y="%s" width="%s" height="%s" rx="%s" fill="%s"/>`+"\n",
		num(x), num(y), num(width), num(height), num(min(2, width/4)), colour)
}

// cross draws a mark around its middle.
func (p *picture) cross(x, y, width float64, colour string) {
	fmt.Fprintf(&p.b, `<path d="M%s %sl9 9m0 -9l-9 9" stroke="%s" stroke-width="%s" stroke-linecap="round"/>`+"\n",
		num(x-4.5), num(y-4.5), colour, num(width))
}

func (p *picture) heading(text string, font float64) {
	for _, line := range wrap(text, fitting(pictureWidth, 1.1*font)) { // bold is wider
		p.y += 1.4 * font
		p.text(0, p.y-0.4*font, line, font, p.look.text, ` font-weight="600"`)
	}
}

func (p *picture) panel(panel Panel) {
	p.heading(panel.Title, laneFont)
	if len(panel.Lanes) == 0 {
		p.y += laneHeight
		p.text(0, p.y-space, nothing, smallFont, p.quiet, "")
		return
	}
	top := p.y
	for _, lane := range panel.Lanes {
		p.text(0, p.y+18, lane.Name, laneFont, p.look.text, "")
		p.box(p.left, p.y+3, right-p.left, barHeight, p.track)
		p.y += laneHeight
	}
	for _, t := range p.times { // over the tracks, under the bars
		fmt.Fprintf(&p.b, `<path d="M%s %sV%s" stroke="%s"/>`+"\n", num(p.x(t)), num(top), num(p.y), p.grid)
	}
	for i, lane := range panel.Lanes {
		p.lane(lane, top+float64(i)*laneHeight)
	}
}

func (p *picture) lane(lane Lane, y float64) {
	for _, s := range lane.Spans {
		if !s.mark() {
			x, width := p.x(s.Start), p.x(s.End)-p.x(s.Start)
			width = max(width-min(1.5, width/4), 1) // the rest is the gap to the next
			p.box(min(x, right-width), y+3, width, barHeight, p.colour(s.Label))
		}
	}
	reached := time.Duration(0) // the end of all spans before
	for i, s := range lane.Spans {
		if s.mark() {
			x, middle := p.x(s.Start), y+laneHeight/2
			p.cross(x, middle, 6, p.page) // a rim, to set it off from a bar
			p.cross(x, middle, 2.5, p.look.text)
			free := right
			if i+1 < len(lane.Spans) {
				free = p.x(lane.Spans[i+1].Start)
			}
			if reached <= s.Start && x+space+textWidth(s.Label, smallFont) <= free {
				p.text(x+space, middle+4.5, s.Label, smallFont, p.look.text, "")
			}
		}
		reached = max(reached, s.End)
	}
}

func (p *picture) axis() {
	p.y += 18
	for i, t := range p.times {
		half := textWidth(p.ticks[i], smallFont) / 2
		p.text(min(p.x(t), pictureWidth-half), p.y-3, p.ticks[i], smallFont, p.quiet, ` text-anchor="middle"`)
	}
}

func (p *picture) legend() {
	const sign = 18 // the width of a sign and its gap
	entries := slices.Clone(p.labels)
	if len(p.marks) > 0 {
		entries = append(entries, strings.Join(p.marks, ", "))
	}
	p.y += 4
	done := 0
	for _, line := range flow(entries, 5, fitting(pictureWidth-sign, smallFont)) { // 5 runes are as wide as a sign and the gap before it
		p.y += 22
		x := 0.0
		for _, entry := range line {
			if done < len(p.labels) {
				p.box(x, p.y-15, 12, 12, p.colour(p.labels[done]))
			} else {
				p.cross(x+6, p.y-9, 2.5, p.look.text)
			}
			p.text(x+sign, p.y-4.5, entry, smallFont, p.look.text, "")
			x += sign + textWidth(entry, smallFont) + 14
			done++
		}
	}
}

// whole returns the picture with its head, now that its height is known.
func (p *picture) whole() []byte {
	title := p.Title
	if title == "" {
		title = "Timeline"
	}
	height := num(p.y + 4)
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="%s" viewBox="0 0 480 %s" role="img" `+
		`font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" fill="none">
<title>%s</title>
<desc>%s</desc>
%s</svg>
`, height, height, escape(title), escape(p.inWords()), p.b.Bytes())
}

// inWords says what is to be seen, for those who do not see it.
func (p *picture) inWords() string {
	words := fmt.Sprintf("Who ran when, on a scale of %v.", rounded(p.length))
	for _, panel := range p.Panels {
		words += " "
		if panel.Title != "" {
			words += panel.Title + ": "
		}
		if len(panel.Lanes) == 0 {
			words += nothing + "."
			continue
		}
		var names []string
		end := time.Duration(0)
		for _, lane := range panel.Lanes {
			names = append(names, lane.Name)
			for _, s := range lane.Spans {
				end = max(end, s.End)
			}
		}
		words += fmt.Sprintf("%s; the last ends at %v.", strings.Join(names, ", "), rounded(end))
	}
	return words
}

// rounded leaves a time its first four digits.
func rounded(d time.Duration) time.Duration {
	precision := time.Duration(1)
	for d/precision >= 10_000 {
		precision *= 10
	}
	return d.Round(precision)
}

// The font is the reader's, so the width of a text is a guess: fonts for
// screens take half of their size for a rune, and somewhat more is safe.
const runeWidth = 0.55

func textWidth(text string, font float64) float64 {
	return float64(float64(utf8.RuneCountInString(text)) * font * runeWidth)
}

// fitting returns how many runes of a font fit into a width.
func fitting(width, font float64) int { return int(width / (font * runeWidth)) }

func num(f float64) string { return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64) }

func escape(text string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(text)) // fails only if the Builder does
	return b.String()
}
