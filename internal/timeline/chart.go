package timeline

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Panel is one recording, as part of a [Chart].
type Panel struct {
	Title string `json:"title"`
	Lanes []Lane `json:"lanes"` // drawn in this order
}

// A Chart is several recordings, one above the other on one time scale: what
// takes half as long is half as wide. The scale goes from the start of the
// recordings to the end of the longest. The zero value is an empty chart; it
// can be drawn.
type Chart struct {
	Title  string  `json:"title"`
	Panels []Panel `json:"panels"`
}

const nothing = "nothing was recorded"

// prepared is a chart and what all ways of drawing it need to know.
type prepared struct {
	Chart                // its texts printable, its spans in order and within the scale
	length time.Duration // of the scale
	labels []string      // those of spans, in order: the same label has the same colour in each panel
	marks  []string      // those of marks
}

func (c Chart) prepare() prepared {
	p := prepared{Chart: Chart{Title: printable(c.Title)}}
	for _, panel := range c.Panels {
		ready := Panel{Title: printable(panel.Title)}
		for _, lane := range panel.Lanes {
			l := Lane{Name: printable(lane.Name)}
			for _, s := range lane.Spans {
				s = Span{printable(s.Label), max(s.Start, 0), max(s.Start, s.End, 0)}
				l.Spans = append(l.Spans, s)
				p.length = max(p.length, s.End)
				if s.mark() {
					p.marks = append(p.marks, s.Label)
				} else {
					p.labels = append(p.labels, s.Label)
				}
			}
			slices.SortStableFunc(l.Spans, compareSpans)
			ready.Lanes = append(ready.Lanes, l)
		}
		p.Panels = append(p.Panels, ready)
	}
	if len(p.Panels) == 0 {
		p.Panels = []Panel{{}} // without lanes: it says so
	}
	p.labels, p.marks = distinct(p.labels), distinct(p.marks)
	return p
}

// lanes returns how many lanes all panels have.
func (p prepared) lanes() int {
	n := 0
	for _, panel := range p.Panels {
		n += len(panel.Lanes)
	}
	return n
}

// toldApart reports whether there is more than one label, and so a legend.
func (p prepared) toldApart() bool { return len(p.labels)+len(p.marks) > 1 }

// at returns where on a line of the length a time stands.
func (p prepared) at(t time.Duration, line float64) float64 {
	if p.length == 0 {
		return 0
	}
	return float64(float64(t) / float64(p.length) * line) // rounded here, so that each processor draws the same
}

func distinct(labels []string) []string {
	slices.SortFunc(labels, compareNames)
	return slices.Compact(labels)
}

// printable returns the text as one line without anything that would move the
// cursor, change the colour or break the XML.
func printable(text string) string {
	line := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, text)
	return strings.Join(strings.Fields(line), " ")
}

type unit struct {
	name string
	size time.Duration
}

var units = []unit{{"s", time.Second}, {"ms", time.Millisecond}, {"µs", time.Microsecond}, {"ns", time.Nanosecond}}

// ticks returns the times at which a scale has its ticks, from 0 on, and their
// texts, the last one with its unit. There are at most so many ticks beside the
// one at 0, but the two that no scale can do without.
func ticks(length time.Duration, most int) (times []time.Duration, texts []string) {
	if length <= 0 {
		return []time.Duration{0}, []string{"0 s"}
	}
	step := niceStep(length, 1, max(most, 2))
	last := length / step * step
	in := units[slices.IndexFunc(units, func(u unit) bool { return u.size <= last })]
	for n := range length/step + 1 {
		times = append(times, n*step)
		texts = append(texts, strconv.FormatFloat(float64(n*step)/float64(in.size), 'f', -1, 64))
	}
	texts[len(texts)-1] += " " + in.name
	return times, texts
}

// niceStep returns the smallest 1, 2 or 5 times a power of ten, from the
// smallest power on, that fits into the length at most so many times.
func niceStep[T time.Duration | float64](length, smallest T, most int) T {
	for power := smallest; ; power *= 10 {
		for _, digit := range []T{1, 2, 5} {
			if step := digit * power; length/step < T(most+1) {
				return step
			}
		}
	}
}

// shorten cuts the middle out of a text that is longer than so many runes:
// where texts are long, it is often the end that tells them apart.
func shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	tail := (most - 1) / 3
	return string(runes[:most-1-tail]) + "…" + string(runes[len(runes)-tail:])
}

// flow sets texts side by side in lines of at most so many runes, with a gap
// between two of them; a text that is longer than a line is shortened.
func flow(texts []string, gap, most int) [][]string {
	var lines [][]string
	room := 0
	for _, text := range texts {
		text = shorten(text, most)
		need := utf8.RuneCountInString(text)
		if len(lines) == 0 || room < gap+need {
			lines = append(lines, nil)
			room = most + gap
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], text)
		room -= gap + need
	}
	return lines
}

// wrap breaks a text at its spaces into lines of at most so many runes.
func wrap(text string, most int) []string {
	var lines []string
	for _, words := range flow(strings.Fields(text), 1, most) {
		lines = append(lines, strings.Join(words, " "))
	}
	return lines
}
