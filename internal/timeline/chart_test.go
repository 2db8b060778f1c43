package timeline

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestTicks(t *testing.T) {
	for _, test := range []struct {
		length time.Duration
		most   int
		want   string
	}{
		{0, 5, "0 s"},
		{-1, 5, "0 s"},
		{1, 5, "0, 1 ns"},
		{7, 5, "0, 2, 4, 6 ns"},
		{999, 5, "0, 200, 400, 600, 800 ns"},
		{1500, 5, "0, 0.5, 1, 1.5 µs"},
		{18 * time.Second, 5, "0, 5, 10, 15 s"},
		{1400 * time.Millisecond, 7, "0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4 s"},
		{30 * time.Millisecond, 3, "0, 10, 20, 30 ms"},
		{49 * time.Millisecond, 0, "0, 20, 40 ms"},
		{3 * time.Hour, 6, "0, 2000, 4000, 6000, 8000, 10000 s"},
		{math.MaxInt64, 2, "0, 5000000000 s"},
	} {
		times, texts := ticks(test.length, test.most)
		require.Equal(t, test.want, strings.Join(texts, ", "), test.length)
		require.Len(t, times, len(texts))
		require.LessOrEqual(t, times[len(times)-1], max(test.length, 0))
	}
}

func TestShortenAndFlow(t *testing.T) {
	require.Equal(t, "worker 12", shorten("worker 12", 9))
	require.Equal(t, "worke…12", shorten("worker 12", 8))
	require.Equal(t, "a long n…r 12", shorten("a long name, worker 12", 13), "the end tells names apart")
	require.Equal(t, []string{"Four tasks, in", "sequence and", "at the", "same-numb…ment"}, wrap("Four tasks, in sequence and at the same-numbered-moment", 14))
	require.Empty(t, wrap("", 10))
}

func TestCells(t *testing.T) {
	for _, test := range []struct {
		name  string
		ends  []time.Duration // start, end, start, end, ...
		label string          // a letter for each span
		want  string          // a digit a cell: which span it shows; a cell is 10 long
	}{
		{"nothing", nil, "", "....."},
		{"all of it", []time.Duration{0, 50}, "a", "00000"},
		{"half a cell is covered", []time.Duration{15, 40}, "a", ".000."},
		{"less than half is not", []time.Duration{16, 40}, "a", "..00."},
		{"half at the end", []time.Duration{0, 25, 40, 50}, "aa", "000.1"},
		{"most of the cell", []time.Duration{0, 14, 14, 50}, "ab", "01111"},
		{"as much: the one that began last", []time.Duration{0, 15, 15, 50}, "ab", "01111"},
		{"most by label", []time.Duration{0, 13, 13, 17, 17, 20}, "aba", "02..."},
		{"of that label the longest", []time.Duration{10, 14, 14, 17, 17, 20}, "aba", ".0..."},
		{"two cover half together", []time.Duration{11, 14, 17, 20}, "ab", ".1..."},
		{"inside another", []time.Duration{0, 50, 20, 30}, "ab", "00100"},
		{"a short one on its own", []time.Duration{22, 23}, "a", "..0.."},
		{"a short one over an edge, where it mostly is", []time.Duration{18, 21}, "a", ".0..."},
		{"a short one takes from a long one", []time.Duration{0, 39, 39, 40}, "ab", "0001."},
		{"but not half of it", []time.Duration{0, 19, 19, 20}, "ab", "00..."},
		{"nor as many as there are", []time.Duration{0, 50, 1, 2, 11, 12, 21, 22, 31, 32}, "abbbb", "12000"},
		{"a mark has no cell", []time.Duration{0, 50, 20, 20}, "ab", "00000"},
	} {
		var spans []Span
		for i, label := range strings.Split(test.label, "") {
			spans = append(spans, Span{label, test.ends[2*i], test.ends[2*i+1]})
		}
		var got strings.Builder
		for _, span := range cells(spans, 50, 5) {
			if span < 0 {
				got.WriteString(".")
			} else {
				got.WriteByte('0' + byte(span))
			}
		}
		require.Equal(t, test.want, got.String(), test.name)
	}
	require.Equal(t, []int{-1, -1}, cells([]Span{{"a", 0, 0}}, 0, 2), "no time at all")
}

func TestLetters(t *testing.T) {
	require.Equal(t, map[string]rune{"cake": 'c', "coffee": 'o', "Soup": 's', "cc": 'a', "7 up": 'u', "": 'b'},
		letters([]string{"cake", "coffee", "Soup", "cc", "7 up", ""}))
	var many []string
	for i := range 30 {
		many = append(many, strings.Repeat("a", i+1))
	}
	require.Equal(t, '#', letters(many)[many[26]])
}

func TestLaneNamesLeaveHalfToBars(t *testing.T) {
	name := "a worker process with a long name, number "
	chart := Chart{Panels: []Panel{{Lanes: []Lane{
		{name + "1", []Span{{"primes", 0, 10}}},
		{name + "2", []Span{{"primes", 0, 10}}},
	}}}}
	require.Equal(t, `  a worker p…ber 1  ████████████████████
  a worker p…ber 2  ████████████████████
                    ├─────────┼────────┼
                    0         5    10 ns
`, chart.Text(40, false))
}

func TestNothingToDraw(t *testing.T) {
	for name, test := range map[string]struct {
		chart Chart
		want  string
	}{
		"no panels": {Chart{}, "  nothing was recorded\n"},
		"no lanes":  {Chart{Title: "Tea", Panels: []Panel{{Title: "one cup"}}}, "Tea\n\none cup\n  nothing was recorded\n"},
		"no spans": {Chart{Panels: []Panel{{Lanes: []Lane{{Name: "cook"}}}}}, `  cook
        ├───────────────────────────────
        0 s
`},
		"no time": {Chart{Panels: []Panel{{Lanes: []Lane{{"cook", []Span{{"tea", 0, 0}, {"cake", 0, 0}}}}}}}, `  cook  ✕
        ├───────────────────────────────
        0 s

  ✕ cake, tea
`},
	} {
		require.Equal(t, test.want, test.chart.Text(40, false), name)
		requireXML(t, test.chart.SVG(false))
	}
}

func TestOneLabelNeedsNoLegend(t *testing.T) {
	chart := Chart{Panels: []Panel{{Lanes: []Lane{{"worker 1", []Span{{"primes", 0, 10}}}}}}}
	require.NotContains(t, chart.Text(80, false), "primes")
	require.NotContains(t, string(chart.SVG(false)), "primes")
}

func TestTextsAreEscaped(t *testing.T) {
	const rude = "<b>\"&\x1b[31m\n]]>\x00\xff\u202e"
	chart := Chart{Title: rude, Panels: []Panel{{Title: rude, Lanes: []Lane{{rude, []Span{{rude, 0, 1}, {"x", 1, 1}}}}}}}
	requireXML(t, chart.SVG(true))
	require.NotContains(t, chart.Text(80, false), "\x1b")
	require.Equal(t, 8, strings.Count(chart.Text(80, false), "\n"))
}

func TestLinesFit(t *testing.T) {
	for width := range 120 {
		for _, coloured := range []bool{false, true} {
			requireLines(t, kitchen(t).Text(width, coloured), max(width, narrowest))
		}
	}
}

var escapeSequence = regexp.MustCompile(`\x1b\[[0-9;]*m`)

func requireLines(t *testing.T, text string, width int) {
	text = escapeSequence.ReplaceAllString(text, "")
	require.True(t, strings.HasSuffix(text, "\n"))
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		require.LessOrEqual(t, utf8.RuneCountInString(line), width, "%q", line)
		require.Equal(t, strings.TrimRight(line, " "), line)
	}
}

var attribute = regexp.MustCompile(` (x|y|width|height|rx|d)="[^"]*(-?[0-9]+\.[0-9]{3}|NaN|Inf|="-)`)

func requireXML(t *testing.T, svg []byte) {
	in := xml.NewDecoder(bytes.NewReader(svg))
	var elements []string
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if element, ok := token.(xml.StartElement); ok {
			elements = append(elements, element.Name.Local)
		}
	}
	require.Equal(t, []string{"svg", "title", "desc"}, elements[:3])
	require.NotRegexp(t, attribute, string(svg))
}
