package timeline

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// computing are figures whose names stand beside their bars.
var computing = Bars{Title: "Computing on two CPUs", Unit: "× the sequential time", Rows: []Bar{
	{"Go, goroutines", 0.51, 0.51, 0.52, 0.5, "0.51×"},
	{"Go, processes", 0.53, 0.52, 0.54, 0.5, "0.53×"},
	{"CPython, threads", 1.02, 1.01, 1.03, 1, "1.02×"},
	{"CPython, processes", 0.57, 0.56, 0.58, 0.5, "0.57×"},
}}

// starting are figures of very different size, one of which is not there, and
// whose names stand above their bars.
var starting = Bars{Title: "To start one and wait until it is done", Unit: "microseconds", Rows: []Bar{
	{"Go, a goroutine", 0.3, 0.3, 0.3, math.NaN(), "0.3 µs"},
	{"CPython, a thread", 78, 70, 95, math.NaN(), "78 µs"},
	{"CPython, a process that is forked for it", 2600, 2000, 3100, math.NaN(), "2,600 µs"},
	{"CPython, an interpreter of its own", math.NaN(), 0, 0, math.NaN(), "needs 3.14"},
}}

func TestFigure(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 0.02: "0.02", 0.1 + 0.2: "0.3", 2.3: "2.3", 999: "999", 1000: "1,000", 2600: "2,600", 12345.6: "12,350",
		1.23456: "1.235", 1e6: "1,000,000", 123456: "123,500", 1e-6: "0.000001", 1e-7: "1e-07", 1e15: "1e+15",
	} {
		require.Equal(t, want, figure(v))
	}
}

func TestBarTicks(t *testing.T) {
	for value := 1e-9; value < 1e12; value *= 1.07 {
		p := &barsPicture{Bars: Bars{Rows: []Bar{{Name: "Go", Value: value}}}.prepare()}
		p.measure()
		require.GreaterOrEqual(t, len(p.ticks), 3, value)
		require.LessOrEqual(t, len(p.ticks), 5, value)
		require.LessOrEqual(t, p.x(p.ticks[len(p.ticks)-1]), right)
	}
}

func TestLongTicksAreLeftOut(t *testing.T) {
	rows := []Bar{{Name: "CPython, pooled processes", Value: 3.9e9, Text: "3.9 billion"}}
	svg := string(Bars{Rows: rows}.SVG(false))
	require.Contains(t, svg, ">2,000,000,000<")
	require.NotContains(t, svg, ">1,000,000,000<")
}

func TestBarIsAsLongAsItsValue(t *testing.T) {
	shapes := shapesOf(t, Bars{Rows: []Bar{
		{Name: "Go, a", Value: 50},
		{Name: "Go, b", Value: 100},
		{Name: "Go, c", Value: 0.001},
		{Name: "Go, d"},
		{Name: "Go, e", Value: math.NaN()},
		{Name: "Go, f", Value: -1},
	}})
	require.Len(t, shapes.bars, 3, "none for 0, and none for what is not there")
	require.InDelta(t, 2*shapes.bars[0].width, shapes.bars[1].width, 0.02)
	require.Equal(t, 1.0, shapes.bars[2].width)
}

func TestColoursOfLanguages(t *testing.T) {
	shapes := shapesOf(t, computing)
	require.Len(t, shapes.bars, 4)
	for i, want := range []string{light.spans[0], light.spans[0], light.spans[1], light.spans[1]} {
		require.Equal(t, want, shapes.bars[i].colour)
	}
}

// contrast returns by how much two colours stand out from each other, from 1 on.
func contrast(t *testing.T, one, other string) float64 {
	luminance := func(colour string) float64 {
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			c, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
			require.NoError(t, err)
			part := float64(c) / 255
			if part <= 0.04045 {
				part /= 12.92
			} else {
				part = math.Pow((part+0.055)/1.055, 2.4)
			}
			sum += weight * part
		}
		return sum + 0.05
	}
	ratio := luminance(one) / luminance(other)
	return max(ratio, 1/ratio)
}

// Each colour stands out from the page by 3:1.
func TestColoursStandOut(t *testing.T) {
	for _, look := range []look{light, dark} {
		for _, colour := range append([]string{look.text, look.quiet}, look.spans...) {
			require.GreaterOrEqual(t, contrast(t, colour, look.page), 3.0, "%s on %s", colour, look.page)
		}
	}
}

func TestTextKeepsClear(t *testing.T) {
	for name, row := range map[string]Bar{
		"of the bar":               {"Go", 2, 2, 2, math.NaN(), "2 s"},
		"of the whisker":           {"Go", 2, 1, 3, math.NaN(), "2 s"},
		"of an ideal at the end":   {"Go", 2, 2, 2, 2.01, "2 s"},
		"of an ideal further on":   {"Go", 2, 2, 2, 2.3, "2 s"},
		"of the right edge":        {"Go", 2, 2, 2, 2.3, strings.Repeat("long ", 50)},
		"of an ideal without bar":  {"Go", math.NaN(), 0, 0, 0.1, "not measured"},
		"of all, with a long name": {strings.Repeat("Go, ", 50), 2, 1, 3, 3.1, "2 s"},
	} {
		bars := Bars{Rows: []Bar{row, {"Go", 3, 3, 3, math.NaN(), "3 s"}}}
		shapes := shapesOf(t, bars)
		require.Len(t, shapes.values, 2, name)
		p := &barsPicture{Bars: bars.prepare()}
		p.measure()
		r, value := p.Rows[0], shapes.values[0]
		require.Greater(t, value.x, p.x(largestOf(r.Value, r.High)), name)
		require.LessOrEqual(t, value.x+value.width, right+0.01, name)
		if r.hasIdeal() {
			ideal := p.x(r.Ideal)
			require.True(t, ideal < value.x || ideal > value.x+value.width, name)
		}
	}
}

func TestLegendOnlyForWhatIsThere(t *testing.T) {
	svg := string(Bars{Rows: []Bar{{"Go", 1, 1, 1, math.NaN(), "1 s"}}}.SVG(false))
	require.NotContains(t, svg, "interval")
	require.NotContains(t, svg, "ideal")
	require.Contains(t, string(computing.SVG(false)), ">ideal: if nothing else cost anything<")
}

func TestBarsInWords(t *testing.T) {
	require.Contains(t, string(starting.SVG(false)), "<title>To start one and wait until it is done</title>\n"+
		"<desc>Bars from 0 on, in this unit: microseconds. Go, a goroutine: 0.3 µs. CPython, a thread: 78 µs, interval 70 to 95. "+
		"CPython, a process that is forked for it: 2,600 µs, interval 2,000 to 3,100. CPython, an interpreter of its own: needs 3.14.</desc>\n")
	require.Contains(t, string(computing.SVG(false)), "Go, goroutines: 0.51×, interval 0.51 to 0.52, ideal 0.5.")
	require.Contains(t, string(Bars{}.SVG(false)), "<title>Bars</title>\n<desc>No bars: nothing was recorded.</desc>")
}

type shape struct {
	x, width float64
	colour   string
}

// shapes are the bars and the texts of values in a picture, by their rows.
type shapes struct{ bars, values []shape }

// shapesOf draws a chart, and requires that it is XML and that nothing is
// outside of it.
func shapesOf(t *testing.T, b Bars) (found shapes) {
	svg := b.SVG(false)
	requireXML(t, svg)
	var picture struct {
		Texts []struct {
			X      float64 `xml:"x,attr"`
			Font   float64 `xml:"font-size,attr"`
			Stroke string  `xml:"stroke,attr"`
			Anchor string  `xml:"text-anchor,attr"`
			Text   string  `xml:",chardata"`
		} `xml:"text"`
		Boxes []struct {
			X      float64 `xml:"x,attr"`
			Width  float64 `xml:"width,attr"`
			Colour string  `xml:"fill,attr"`
		} `xml:"rect"`
	}
	require.NoError(t, xml.Unmarshal(svg, &picture))
	for _, text := range picture.Texts {
		s := shape{x: text.X, width: textWidth(text.Text, text.Font)}
		if text.Anchor == "middle" {
			s.x -= s.width / 2
		}
		require.GreaterOrEqual(t, s.x, -0.01, text.Text)
		require.LessOrEqual(t, s.x+s.width, pictureWidth+0.01, text.Text)
		require.GreaterOrEqual(t, text.Font, smallFont)
		if text.Stroke != "" && text.Font == smallFont {
			found.values = append(found.values, s)
		}
	}
	for _, box := range picture.Boxes {
		require.GreaterOrEqual(t, box.Width, 1.0)
		require.LessOrEqual(t, box.X+box.Width, right+0.01)
		found.bars = append(found.bars, shape{box.X, box.Width, box.Colour})
	}
	return found
}
