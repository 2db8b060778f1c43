package notebook

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

var breakfast = Grid{
	Title:   "x the fastest",
	Columns: []string{"tea", "cups\nof coffee", "toast"},
	Rows: []GridRow{
		{"one cook", []GridCell{{Text: "1.00", Mark: Best}, {Text: "12.5"}, {Text: "9 of 9", Mark: Bad}}},
		{"two cooks, and a kettle", []GridCell{{Text: "1.70"}, {Text: "(500 s)", Mark: NotRun}}},
	},
	Note: "Green: the fastest.",
}

func printed(width int, coloured bool) string {
	var out bytes.Buffer
	p := &page{w: &out, width: width}
	p.paint(coloured)
	p.grid(breakfast)
	return out.String()
}

func TestGrid(t *testing.T) {
	require.Equal(t, `                                       cups
  x the fastest              tea  of coffee   toast
  one cook                 *1.00       12.5  9 of 9
  two cooks, and a kettle   1.70    (500 s)       —
  Green: the fastest.
`, printed(80, false))
}

func TestNarrowGrid(t *testing.T) {
	require.Equal(t, `                                       cups
  x the fastest              tea  of coffee
  one cook                 *1.00       12.5
  two cooks, and a kettle   1.70    (500 s)

  x the fastest             toast
  one cook                 9 of 9
  two cooks, and a kettle       —
  Green: the fastest.
`, printed(43, false))
}

func TestGridWithoutColumns(t *testing.T) {
	var out bytes.Buffer
	p := &page{w: &out, width: 80}
	p.paint(false)
	p.grid(Grid{Title: "x the fastest", Rows: []GridRow{{Name: "one cook"}}, Note: "Nothing."})
	require.Equal(t, "  Nothing.\n", out.String())
}

func TestGridInColour(t *testing.T) {
	text := printed(80, true)
	require.Contains(t, text, "\x1b[32;1m1.00\x1b[0;22m", "the best is green and bold")
	require.Contains(t, text, "\x1b[31m9 of 9\x1b[0m")
	require.Contains(t, text, "   \x1b[2m(500 s)\x1b[22m", "padded outside of the colour")
}

func TestGridIsRecorded(t *testing.T) {
	lab := &Lab{}
	lab.Grid(breakfast)
	text, err := json.Marshal(lab.result)
	require.NoError(t, err)
	var again Result
	require.NoError(t, json.Unmarshal(text, &again))
	require.Equal(t, []Grid{breakfast}, again.Grids)
	text, err = json.Marshal(Result{})
	require.NoError(t, err)
	require.NotContains(t, string(text), "grids", "where there is none, the record is as it was")
}
