package timeline

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Heat is a table of ways to do some jobs, each cell coloured by how far it is
// from the best of its column. The zero value is empty; it can be drawn.
type Heat struct {
	Title   string
	Columns []string
	Rows    []HeatRow // drawn in this order
}

// A HeatRow is a row of a [Heat]. Its Name begins with a language and a comma:
// "Go, goroutines". Those of one language stand below its name.
type HeatRow struct {
	Name  string
	Cells []HeatCell // one a column
}

// A HeatCell is a cell of a [Heat].
type HeatCell struct {
	Text   string  // "1.59×"
	Factor float64 // how many times the best it is; anything else than a number above 0 has no colour
}

// A shade is the colour of cells up to a factor, and of the text on it.
type shade struct {
	upTo        float64
	says        string
	fill, ink   string // on a light page
	fill2, ink2 string // on a dark one
}

// From blue to orange, which those who see no red or no green can tell apart,
// with a text that stands out from it by 4.5:1.
var shades = []shade{
	{1.05, "the best", "#0072b2", "#ffffff", "#56b4e9", "#0d1117"},
	{1.5, "to 1.5×", "#a9d3ee", "#1f2328", "#1d5478", "#f0f6fc"},
	{3, "to 3×", "#fbe3c0", "#1f2328", "#54401c", "#f0f6fc"},
	{10, "to 10×", "#f5b566", "#1f2328", "#8a5a0f", "#ffffff"},
	{math.Inf(1), "more", "#b84e00", "#ffffff", "#e69f00", "#0d1117"},
}

func shadeOf(factor float64) (shade, bool) {
	for _, s := range shades {
		if 0 < factor && factor <= s.upTo {
			return s, true
		}
	}
	return shade{}, false
}

func (s shade) colours(darkPage bool) (fill, ink string) {
	if darkPage {
		return s.fill2, s.ink2
	}
	return s.fill, s.ink
}

// SVG draws it as a picture for a page: 480 wide, on no background, in colours
// for a light page or for a dark one. The same table gives the same bytes.
func (h Heat) SVG(darkPage bool) []byte {
	p := &heatPicture{picture: newPicture(darkPage), Heat: h, dark: darkPage}
	var languages, names []string
	for _, r := range p.Rows {
		language, name, _ := strings.Cut(r.Name, ", ")
		name = shorten(cmp.Or(name, language), fitting(pictureWidth/2, laneFont))
		languages, names = append(languages, language), append(names, name)
		p.left = max(p.left, textWidth(name, laneFont)+space)
	}
	p.heading(p.Title, titleFont)
	if len(p.Rows) == 0 || len(p.Columns) == 0 {
		p.nothing()
		return p.whole(cmp.Or(p.Title, "Table"), h.inWords())
	}
	p.width = (pictureWidth - p.left) / float64(len(p.Columns))
	p.heads()
	for i, r := range p.Rows {
		if i == 0 || languages[i] != languages[i-1] {
			p.heading(languages[i], laneFont)
		}
		p.row(names[i], r.Cells)
	}
	p.legend()
	return p.whole(cmp.Or(p.Title, "Table"), h.inWords())
}

// A heatPicture is a Heat that is being drawn as SVG.
type heatPicture struct {
	picture
	Heat
	width float64 // of a column
	dark  bool
}

// heads writes the columns' heads, on the same ground.
func (p *heatPicture) heads() {
	var heads [][]string
	height := 1
	for _, head := range p.Columns {
		lines := wrap(head, max(fitting(p.width, smallFont), 1))
		heads, height = append(heads, lines), max(height, len(lines))
	}
	const line = 17
	for i, lines := range heads {
		for n, text := range lines {
			y := p.y + line*float64(height-len(lines)+n+1)
			p.text(p.middle(i), y, text, smallFont, p.quiet, ` text-anchor="middle"`)
		}
	}
	p.y += line * float64(height)
}

// middle returns that of a column.
func (p *heatPicture) middle(column int) float64 {
	return p.left + float64((float64(column)+0.5)*p.width)
}

func (p *heatPicture) row(name string, cells []HeatCell) {
	p.text(0, p.y+18, name, laneFont, p.look.text, "")
	for i, c := range cells {
		fill, ink := p.track, p.quiet
		if s, ok := shadeOf(c.Factor); ok {
			fill, ink = s.colours(p.dark)
		}
		p.box(p.middle(i)-p.width/2+1, p.y+1, p.width-2, laneHeight-2, fill)
		p.text(p.middle(i), p.y+17.5, shorten(c.Text, fitting(p.width, smallFont)), smallFont, ink, ` text-anchor="middle"`)
	}
	p.y += laneHeight
}

func (p *heatPicture) legend() {
	var signs []sign
	for _, s := range shades {
		if !slices.ContainsFunc(p.Rows, func(r HeatRow) bool {
			return slices.ContainsFunc(r.Cells, func(c HeatCell) bool { found, _ := shadeOf(c.Factor); return found == s })
		}) {
			continue
		}
		fill, _ := s.colours(p.dark)
		signs = append(signs, sign{s.says, func(x, y float64) { p.box(x, y-6, 12, 12, fill) }})
	}
	if len(signs) > 0 {
		p.explain(signs)
	}
}

// inWords says what is to be seen, for those who do not see it.
func (h Heat) inWords() string {
	if len(h.Rows) == 0 || len(h.Columns) == 0 {
		return "No cells: " + nothing + "."
	}
	words := "A table; the columns: " + strings.Join(h.Columns, ", ") + "."
	for _, r := range h.Rows {
		var cells []string
		for _, c := range r.Cells {
			cells = append(cells, cmp.Or(c.Text, "nothing"))
		}
		words += fmt.Sprintf(" %s: %s.", r.Name, strings.Join(cells, ", "))
	}
	return words
}
