package timeline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// SVG draws the chart as a picture for a page: 480 wide, on no background, in
// colours for a light page or for a dark one. The same chart gives the same
// bytes. Beyond six labels the colours repeat. No span is too short to be seen;
// where spans overlap, the one that began last lies on top. The label of a mark
// stands beside it where there is room.
func (c Chart) SVG(darkPage bool) []byte {
	p := &chartPicture{picture: newPicture(darkPage), prepared: c.prepare()}
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
	return p.whole(cmp.Or(p.Title, "Timeline"), p.inWords())
}

// A chartPicture is a chart that is being drawn as SVG.
type chartPicture struct {
	picture
	prepared
	times []time.Duration // of the ticks
	ticks []string
}

func (p *chartPicture) x(t time.Duration) float64 { return p.left + p.at(t, right-p.left) }

func (p *chartPicture) colour(label string) string {
	return p.spans[slices.Index(p.labels, label)%len(p.spans)]
}

func (p *chartPicture) panel(panel Panel) {
	p.heading(panel.Title, laneFont)
	if len(panel.Lanes) == 0 {
		p.nothing()
		return
	}
	top := p.y
	for _, lane := range panel.Lanes {
		p.text(0, p.y+18, lane.Name, laneFont, p.look.text, "")
		p.box(p.left, p.y+3, right-p.left, barHeight, p.track)
		p.y += laneHeight
	}
	for _, t := range p.times { // over the tracks, under the bars
		p.gridLine(p.x(t), top, p.y)
	}
	for i, lane := range panel.Lanes {
		p.lane(lane, top+float64(i)*laneHeight)
	}
}

func (p *chartPicture) lane(lane Lane, y float64) {
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

func (p *chartPicture) axis() {
	p.y += 18
	for i, t := range p.times {
		p.tick(p.x(t), p.ticks[i])
	}
}

func (p *chartPicture) legend() {
	var signs []sign
	for _, label := range p.labels {
		signs = append(signs, sign{label, func(x, y float64) { p.box(x, y-6, 12, 12, p.colour(label)) }})
	}
	if len(p.marks) > 0 {
		signs = append(signs, sign{strings.Join(p.marks, ", "), func(x, y float64) { p.cross(x+6, y, 2.5, p.look.text) }})
	}
	p.explain(signs)
}

// inWords says what is to be seen, for those who do not see it.
func (p *chartPicture) inWords() string {
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
