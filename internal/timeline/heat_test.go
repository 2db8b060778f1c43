package timeline

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var choosing = Heat{Title: "Time, × the best", Columns: []string{"compute", "many waits"}, Rows: []HeatRow{
	{"CPython, threads", []HeatCell{{"1.09×", 1.09}, {"3.4×", 3.4}}},
	{"CPython, processes", []HeatCell{{"1×", 1}, {Text: "never"}}},
	{"Go, goroutines", []HeatCell{{"1.04×", 1.04}, {"1.26×", 1.26}}},
	{"Go, OS threads", []HeatCell{{"12×", 12}, {}}},
}}

func TestShades(t *testing.T) {
	for factor, want := range map[float64]string{
		0.5: "the best", 1: "the best", 1.05: "the best", 1.06: "to 1.5×", 1.5: "to 1.5×", 2: "to 3×", 10: "to 10×", 11: "more", 5e9: "more",
	} {
		s, ok := shadeOf(factor)
		require.True(t, ok, factor)
		require.Equal(t, want, s.says, factor)
	}
	for _, none := range []float64{0, -1, math.NaN()} {
		_, ok := shadeOf(none)
		require.False(t, ok, none)
	}
}

// Text stands out from its cell by 4.5:1.
func TestShadesCanBeRead(t *testing.T) {
	for _, s := range shades {
		for _, onDark := range []bool{false, true} {
			fill, ink := s.colours(onDark)
			require.GreaterOrEqual(t, contrast(t, fill, ink), 4.5, "%s, dark: %v", s.says, onDark)
		}
	}
}

func TestHeat(t *testing.T) {
	svg := string(choosing.SVG(false))
	requireXML(t, choosing.SVG(false))
	requireXML(t, choosing.SVG(true))
	require.Equal(t, 1, strings.Count(svg, ">CPython<"), "a language stands once above its rows")
	require.Contains(t, svg, ">many waits<")
	require.Equal(t, 3, strings.Count(svg, shades[0].fill), "two cells and the legend")
	require.Equal(t, 2, strings.Count(svg, light.track), "never, and empty")
	require.NotContains(t, svg, ">to 3×<", "the legend has what there is")
	require.Contains(t, svg, "Go, OS threads: 12×, nothing.", "for those who can't see it")
	require.Contains(t, string(choosing.SVG(true)), shades[0].fill2)
	require.Equal(t, svg, string(choosing.SVG(false)))
}

func TestHeatOfNothing(t *testing.T) {
	for _, h := range []Heat{{}, {Columns: []string{"tea"}}, {Rows: []HeatRow{{Name: "Go"}}}} {
		requireXML(t, h.SVG(false))
		require.Contains(t, string(h.SVG(true)), nothing)
	}
	odd := Heat{Title: "a\x00b <&>", Columns: []string{"x", strings.Repeat("long ", 30)}, Rows: []HeatRow{
		{strings.Repeat("no language ", 20), []HeatCell{{strings.Repeat("wide", 40), math.Inf(1)}, {"<", math.NaN()}}},
	}}
	requireXML(t, odd.SVG(false))
}
