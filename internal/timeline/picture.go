package timeline

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
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

// A picture is being drawn as SVG, from the top down.
type picture struct {
	look
	left float64 // where bars begin
	y    float64 // how far down it is drawn
	b    bytes.Buffer
}

func newPicture(darkPage bool) picture {
	if darkPage {
		return picture{look: dark}
	}
	return picture{look: light}
}

func (p *picture) text(x, y float64, text string, font float64, colour, attributes string) {
	fmt.Fprintf(&p.b, `<text x="%s" y="%s" font-size="%s" fill="%s"%s>%s</text>`+"\n",
		num(x), num(y), num(font), colour, attributes, escape(text))
}

func (p *picture) box(x, y, width, height float64, colour string) {
	fmt.Fprintf(&p.b, `<rect x="%s" y="%s" width="%s" height="%s" rx="%s" fill="%s"/>`+"\n",
		num(x), num(y), num(width), num(height), num(min(2, width/4)), colour)
}

func (p *picture) path(d, colour, attributes string) {
	fmt.Fprintf(&p.b, `<path d="%s" stroke="%s"%s/>`+"\n", d, colour, attributes)
}

func (p *picture) gridLine(x, top, bottom float64) {
	p.path(fmt.Sprintf("M%s %sV%s", num(x), num(top), num(bottom)), p.grid, "")
}

// cross draws a mark around its middle.
func (p *picture) cross(x, y, width float64, colour string) {
	p.path(fmt.Sprintf("M%s %sl9 9m0 -9l-9 9", num(x-4.5), num(y-4.5)), colour, fmt.Sprintf(` stroke-width="%s" stroke-linecap="round"`, num(width)))
}

func (p *picture) heading(text string, font float64) {
	for _, line := range wrap(text, fitting(pictureWidth, 1.1*font)) { // bold is wider
		p.y += 1.4 * font
		p.text(0, p.y-0.4*font, line, font, p.look.text, ` font-weight="600"`)
	}
}

// nothing stands for what is not there to be drawn.
func (p *picture) nothing() {
	p.y += laneHeight
	p.text(0, p.y-space, nothing, smallFont, p.quiet, "")
}

// tick writes the text of a tick, in the line that ends at y.
func (p *picture) tick(x float64, text string) {
	half := textWidth(text, smallFont) / 2
	p.text(min(max(x, half), pictureWidth-half), p.y-3, text, smallFont, p.quiet, ` text-anchor="middle"`)
}

// A sign is what a legend explains. It is drawn 12 wide, from x on, its middle
// at y.
type sign struct {
	text string
	draw func(x, y float64)
}

// explain draws a legend.
func (p *picture) explain(signs []sign) {
	const width = 18 // of a sign and its gap
	var texts []string
	for _, s := range signs {
		texts = append(texts, s.text)
	}
	p.y += 4
	for _, line := range flow(texts, 5, fitting(pictureWidth-width, smallFont)) { // 5 runes are as wide as a sign and the gap before it
		p.y += 22
		x := 0.0
		for i, text := range line {
			signs[i].draw(x, p.y-9)
			p.text(x+width, p.y-4.5, text, smallFont, p.look.text, "")
			x += width + textWidth(text, smallFont) + 14
		}
		signs = signs[len(line):]
	}
}

// whole returns the picture with its head, now that its height is known.
func (p *picture) whole(title, words string) []byte {
	height := num(p.y + 4)
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="%s" viewBox="0 0 480 %s" role="img" `+
		`font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" fill="none">
<title>%s</title>
<desc>%s</desc>
%s</svg>
`, height, height, escape(title), escape(words), p.b.Bytes())
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
