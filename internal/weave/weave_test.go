package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/timeline"
)

// weaveCell weaves one cell on a page of the kitchen and returns its body.
func weaveCell(t *testing.T, files tree, page, marker string) string {
	kind, _, _ := strings.Cut(strings.Trim(marker, "<!-> "), ":")
	head, tail := marker+"\n", "<!-- /"+kind+" -->\n"
	root := files.with(tree{page: head + tail}).write(t)
	code, _, stderr := runWeave(root)
	require.Zero(t, code, stderr)
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(page)))
	require.NoError(t, err)
	body, ok := strings.CutPrefix(string(text), head)
	require.True(t, ok)
	body, ok = strings.CutSuffix(body, tail)
	require.True(t, ok)
	return body
}

func TestCodeCell(t *testing.T) {
	files := kitchen.with(tree{"01-kettle/stove.go": `package main

// size is how many pots fit.
const size = 4 // pots

// Sizes.
const (
	small = 1
	// large is for feasts.
	large = 9
)

var hot, cold = true, false

// A stack of plates.
type stack[T any] struct{ top []T }

// push puts a plate on top.
func (s *stack[T]) push(plate T) {
	s.top = append(s.top, plate)
}

func (stack[T]) nothing() {}

func push() {
	// part: raw
	/*
   ` + "```" + `
	*/
	// part: none
	// part: more
		once()
	twice()
	// part: of the work
}
`})
	tests := []struct{ name, marker, want string }{
		{"function without its part lines", "boil_water.go#boilWater",
			"func boilWater(ctx context.Context, w io.Writer) error {\n    fill(w)\n\n    if !boiling {\n        boil(w)\n    }\n    return nil\n}\n"},
		{"part, up to the next", "boil_water.go#boilWater:fill", "fill(w)\n"},
		{"part, up to the end", "boil_water.go#boilWater:boil", "if !boiling {\n    boil(w)\n}\n"},
		{"part, dedented, up to the end of the function", "stove.go#push:more", "    once()\ntwice()\n// part: of the work\n"},
		{"constant with its comment", "stove.go#size", "const size = 4 // pots\n"},
		{"group", "stove.go#large", "const (\n    small = 1\n    // large is for feasts.\n    large = 9\n)\n"},
		{"second variable", "stove.go#cold", "var hot, cold = true, false\n"},
		{"type", "stove.go#stack", "type stack[T any] struct{ top []T }\n"},
		{"method", "stove.go#stack.push", "func (s *stack[T]) push(plate T) {\n    s.top = append(s.top, plate)\n}\n"},
		{"method of a value", "stove.go#stack.nothing", "func (stack[T]) nothing() {}\n"},
		{"several", "stove.go#size, stack.nothing,size", "const size = 4 // pots\n\nfunc (stack[T]) nothing() {}\n\nconst size = 4 // pots\n"},
		{"another folder", "../01-kettle/./stove.go#size", "const size = 4 // pots\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := weaveCell(t, files, "01-kettle/README.md", "<!-- code: "+test.marker+" -->")
			require.Equal(t, "```go\n"+test.want+"```\n", got)
		})
	}

	t.Run("longer fence", func(t *testing.T) {
		got := weaveCell(t, files, "01-kettle/README.md", "<!-- code: stove.go#push:raw -->")
		require.Equal(t, "````go\n    /*\n   ```\n    */\n````\n", got)
	})
	t.Run("source with CRLF", func(t *testing.T) {
		files := files.with(tree{"01-kettle/stove.go": strings.ReplaceAll(files["01-kettle/stove.go"], "\n", "\r\n")})
		got := weaveCell(t, files, "01-kettle/README.md", "<!-- code: stove.go#size,large -->")
		require.Equal(t, "```go\nconst size = 4 // pots\n\nconst (\n    small = 1\n    // large is for feasts.\n    large = 9\n)\n```\n", got)
	})
}

func TestPythonCell(t *testing.T) {
	tests := []struct{ name, marker, want string }{
		{"function with its decorators", "twin.py#boil_water",
			"@cached\n@timed(\n    rounds=9,\n)\ndef boil_water(n):\n    fill(n)\n\n    boil(n)\n    return n\n"},
		{"part", "twin.py#boil_water:fill", "fill(n)\n"},
		{"part, up to the end", "twin.py#boil_water:boil", "boil(n)\n"},
		{"part, at the end of a function", "twin.py#pour:all", "pour(n)\n"},
		{"without the part's end", "twin.py#pour", "def pour(n):\n    pour(n)\n"},
		{"assignment over several lines", "twin.py#CUPS", "CUPS = [\n    1,\n]\n"},
		{"assignment with a type", "twin.py#SAUCER", "SAUCER: int = 1\n"},
		{"async function", "twin.py#wait", "async def wait(): pass\n"},
		{"class, to the end of the file", "twin.py#Kettle", "class Kettle:\n    def boil(self):\n        pass\n"},
		{"several", "twin.py#SAUCER,wait", "SAUCER: int = 1\n\nasync def wait(): pass\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := weaveCell(t, kitchen, "01-kettle/README.md", "<!-- python: "+test.marker+" -->")
			require.Equal(t, "```python\n"+test.want+"```\n", got)
		})
	}
}

func TestLessonCell(t *testing.T) {
	files := kitchen.with(tree{
		"01-kettle/errgroup.py": "import threading\n\nprint('tea')\n",
		"01-kettle/errgroup.go": "package main\n\nimport (\n\t\"io\"\n)\n\n// Cups.\nvar cups = 2\n\nfunc waitInErrgroup() {\n\tpour()\n}\n",
	})
	require.Equal(t, "```python\nimport threading\n\nprint('tea')\n```\n\n<details>\n<summary>The same in Go, 6 lines</summary>\n\n"+
		"```go\n// Cups.\nvar cups = 2\n\nfunc waitInErrgroup() {\n    pour()\n}\n```\n\n</details>\n\nBoth print:\n\n```text\ntea\ncoffee\n```\n\n"+
		"<sub>Run them: <code>python3 01-kettle/errgroup.py</code> and <code>go run ./01-kettle errgroup</code>.</sub>\n",
		weaveCell(t, files, "01-kettle/README.md", "<!-- lesson: errgroup -->"))
}

func TestOutputCell(t *testing.T) {
	got := weaveCell(t, kitchen, "01-kettle/README.md", "<!-- output: boilWater -->")
	require.Equal(t, "```text\nfilled\n  boiled\n```\n\n"+
		"<sub><code>go test -run Example_boilWater ./01-kettle</code> checks every line.</sub>\n", got)

	got = weaveCell(t, kitchen, "01-kettle/README.md", "<!-- output: waitInErrgroup -->")
	require.Equal(t, "```text\ntea\ncoffee\n```\n\n"+
		"<sub><code>go test -run Example_waitInErrgroup ./01-kettle</code> checks the lines, which may come in any order.</sub>\n", got)

	files := kitchen.with(tree{"02-orders/pool/pool_test.go": "package pool_test\n\nfunc ExamplePool_Map() {\n\t// Output: 30\n}\n"})
	got = weaveCell(t, files, "02-orders/pool/README.md", "<!-- output: Pool_Map -->")
	require.Equal(t, "```text\n30\n```\n\n"+
		"<sub><code>go test -run ExamplePool_Map ./02-orders/pool</code> checks every line.</sub>\n", got)
}

func TestRecordedCell(t *testing.T) {
	want := `*Predicted: 2 \* n kettles boil ` + "`n*n`" + ` cups in \<1 s*

| x sequential | measured | 96 % interval | ideal |
|---|---:|---:|---:|
| one \| two | 0.52 | 0.51 to 0.53 | 0.50 |
| alone | 1.00 | — | — |

| count | measured |
|---|---:|
| cups | 52,000 |

No twin\_b ran.

✅ **S17, CPython: yes**: two / one = 0.52

❌ **S17, Go: no**: two / one = 1.02

⚪ **S1, Go: can't tell here**: one CPU

<sub>Recorded 2026-11-23 with go1.26.8 on linux/amd64, 2 CPUs, GOMAXPROCS 2, CPython 3.11.7 (GIL).</sub>
`
	require.Equal(t, want, weaveCell(t, kitchen, "01-kettle/README.md", "<!-- recorded: boil-water -->"))
	require.Equal(t, want, weaveCell(t, kitchen, "README.md", "<!-- recorded: 01-kettle/boil-water -->"))
	require.Equal(t, want, weaveCell(t, kitchen, "02-orders/README.md", "<!-- recorded: ../01-kettle/boil-water -->"))
}

func TestRecordedGrid(t *testing.T) {
	grids := []notebook.Grid{{
		Title: "x the fastest", Columns: []string{"tea", "cups\nof coffee"}, Note: "In *bold*: the fastest.",
		Rows: []notebook.GridRow{
			{Name: "one | two", Cells: []notebook.GridCell{{Text: "1.00", Mark: notebook.Best}, {Text: "9 of 9", Mark: notebook.Bad}}},
			{Name: "alone", Cells: []notebook.GridCell{{Text: "(500 s)", Mark: notebook.NotRun}}}, // the rest is empty
		},
	}}
	files := kitchen.with(recordedWith(func(r *notebook.Result) { r.Grids = grids }))
	require.Contains(t, weaveCell(t, files, "01-kettle/README.md", "<!-- recorded: boil-water -->"), `
| x the fastest | tea | cups<br>of coffee |
|---|---:|---:|
| one \| two | **1.00** | 9 of 9 |
| alone | *(500 s)* | — |

In \*bold\*: the fastest.

| x sequential |`)
}

func TestPictureOfGrid(t *testing.T) {
	grids := []notebook.Grid{{Title: "Time, × the best", Columns: []string{"many\nwaits"}, Rows: []notebook.GridRow{
		{Name: "Go, goroutines", Cells: []notebook.GridCell{{Text: "1×", Factor: 1}}},
		{Name: "Go, the best took", Cells: []notebook.GridCell{{Text: "5 ms"}}}, // not drawn
	}}}
	files := kitchen.with(recordedWith(func(r *notebook.Result) { r.Grids = grids }))
	require.Contains(t, weaveCell(t, files, "01-kettle/README.md", "<!-- picture: boil-water -->"), `<img src="boil-water.svg" alt="Time, × the best">`)
	root := files.write(t)
	code, _, stderr := runWeave(root)
	require.Zero(t, code, stderr)
	heat := timeline.Heat{Title: "Time, × the best", Columns: []string{"many waits"},
		Rows: []timeline.HeatRow{{Name: "Go, goroutines", Cells: []timeline.HeatCell{{Text: "1×", Factor: 1}}}}}
	for name, want := range map[string][]byte{"boil-water.svg": heat.SVG(false), "boil-water-dark.svg": heat.SVG(true)} {
		got, err := os.ReadFile(filepath.Join(root, "01-kettle", name))
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
	}
}

func TestPictures(t *testing.T) {
	chart := &timeline.Chart{Title: "Kettles & cups", Panels: []timeline.Panel{
		{Title: "one", Lanes: []timeline.Lane{{Name: "kettle", Spans: []timeline.Span{{Label: "boil", End: 1000}}}}},
	}}
	files := kitchen.with(recordedWith(func(r *notebook.Result) { r.Chart = chart }))
	require.Contains(t, weaveCell(t, files, "02-orders/README.md", "<!-- picture: ../01-kettle/boil-water -->"), `<picture>
<source media="(prefers-color-scheme: dark)" srcset="../01-kettle/boil-water-dark.svg">
<img src="../01-kettle/boil-water.svg" alt="Kettles &amp; cups">
</picture>
`)

	root := files.write(t)
	code, stdout, stderr := runWeave(root)
	require.Zero(t, code, stderr)
	require.Contains(t, stdout, "01-kettle/boil-water.svg\n")
	light, dark := filepath.Join(root, "01-kettle", "boil-water.svg"), filepath.Join(root, "01-kettle", "boil-water-dark.svg")
	for path, want := range map[string][]byte{light: chart.SVG(false), dark: chart.SVG(true)} {
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
	}
	code, stdout, _ = runWeave(root, "-check")
	require.Zero(t, code, stdout)

	require.NoError(t, os.WriteFile(dark, bytes.ReplaceAll(chart.SVG(true), []byte("\n"), []byte("\r\n")), 0o644))
	code, stdout, _ = runWeave(root, "-check")
	require.Zero(t, code, stdout)

	require.NoError(t, os.WriteFile(dark, []byte("<svg/>"), 0o644))
	code, stdout, _ = runWeave(root, "-check")
	require.Equal(t, 1, code)
	require.Equal(t, "01-kettle/boil-water-dark.svg: out of date: it is not the picture of what was recorded\n"+cure+"\n", stdout)

	require.NoError(t, os.WriteFile(filepath.Join(root, "01-kettle", "teapot.svg"), []byte("<svg/>"), 0o644))
	code, _, stderr = runWeave(root)
	require.Equal(t, 1, code)
	require.Equal(t, "01-kettle/teapot.svg: no section of 01-kettle has recorded a picture teapot: remove it\n", stderr)
}

func TestContentsCell(t *testing.T) {
	files := kitchen.with(tree{
		"01-kettle/tricks/main.go": "package main\n\nvar c = notebook.Chapter{Title: \"Tricks\", Answer: \"Use [both] hands.\"}\n",
		"01-kettle/asides/main.go": "package main\n\nvar c = notebook.Chapter{Title: \"Asides\", Answer: \"No hurry.\"}\n",
		"01-kettle/more/main.go":   "package main\n\nvar c = notebook.Chapter{Title: \"More\", Answer: \"Pour.\"}\n",
		"01-kettle/README.md":      "# The kettle\n\nThere are [tricks](tricks/README.md), and [more](more/README.md).\n",
		"01-kettle/tools/main.go":  "package main\n\nfunc main() {}\n",
		"internal/demo/main.go":    "package main\n\nvar c = notebook.Chapter{Title: \"Not a chapter\"}\n",
		"testdata/main.go":         "package main\n\nvar c = notebook.Chapter{Title: \"Nor this\"}\n",
		".hidden/README.md":        "<!-- wrong -->",
	})
	want := `| chapter | its answer |
|---|---|
| [01 The kettle](01-kettle/README.md)<br>1 min | Water boils at 100 °C \| 212 °F. |
| [↳ Tricks](01-kettle/tricks/README.md) | Use \[both\] hands. |
| [↳ More](01-kettle/more/README.md) | Pour. |
| [↳ Asides](01-kettle/asides/README.md) | No hurry. |
| [02 Orders](02-orders/README.md)<br>1 min | One by one. |
`
	require.Equal(t, want, weaveCell(t, files, "README.md", "<!-- contents -->"))
}

func TestNavCell(t *testing.T) {
	files := kitchen.with(tree{
		"02-orders/late/main.go":  "package main\n\nvar c = notebook.Chapter{Title: \"Late\"}\n",
		"02-orders/large/main.go": "package main\n\nvar c = notebook.Chapter{Title: \"Large\"}\n",
		"03-bill/main.go":         "package main\n\nvar c = notebook.Chapter{Title: \"The bill\"}\n",
	})
	for page, want := range map[string]string{
		"01-kettle/README.md":          "[Contents](../README.md) · [02 Orders →](../02-orders/README.md)\n",
		"02-orders/README.md":          "[← 01 The kettle](../01-kettle/README.md) · [Contents](../README.md) · [02 Large →](large/README.md)\n",
		"02-orders/large/README.md":    "[← 02 Orders](../README.md) · [Contents](../../README.md) · [02 Late →](../late/README.md)\n",
		"02-orders/late/README.md":     "[← 02 Large](../large/README.md) · [↑ 02 Orders](../README.md) · [Contents](../../README.md) · [03 The bill →](../../03-bill/README.md)\n",
		"03-bill/README.md":            "[← 02 Late](../02-orders/late/README.md) · [Contents](../README.md)\n",
		"02-orders/pool/README.md":     "[↑ 02 Orders](../README.md) · [Contents](../../README.md)\n",
		"02-orders/pool/big/README.md": "[↑ 02 Orders](../../README.md) · [Contents](../../../README.md)\n",
	} {
		require.Equal(t, want, weaveCell(t, files, page, "<!-- nav -->"), page)
	}
}

func TestClaimsCell(t *testing.T) {
	orders := notebook.Record{Chapter: "02-orders", Machine: machine, Sections: []notebook.Result{
		{Section: "served", Judgements: []notebook.Judgement{
			judgement("S17", notebook.CPython, measure.Yes, "again"),
			judgement("S17", notebook.Go, measure.Yes, "now"),
		}},
	}}
	files := kitchen.with(tree{
		"02-orders/main.go": `package main

var c = notebook.Chapter{Title: "Orders", Sections: []notebook.Section{
	{Name: "taken", Title: "Served!", Claims: []string{"S2", "S17"}},
	{Name: "served", Title: "served", Claims: []string{"S17"}},
}}
`,
		"02-orders/README.md":     "## Served!\n\n```\n## served\n```\n\n## served\n",
		"02-orders/recorded.json": signed(orders),
	})
	got := strings.Split(weaveCell(t, files, "README.md", "<!-- claims -->"), "\n")
	require.Len(t, got, 2+18+1)
	require.Equal(t, "|  | the notes say | judged in | Python | Go |", got[0])
	require.Equal(t, "| S1 | “Python code can now be mainly executed in one of two worlds, synchronous or asynchronous.” | "+
		"[01 Boil water & wait](01-kettle/README.md#boil-water--wait) | — | ⚪ can't tell here |", got[2])
	require.Equal(t, "| S2 | “You should think of them as separate worlds with different libraries and styles of calls, but sharing variables and syntax.” | "+
		"[02 Served!](02-orders/README.md#served) | — | — |", got[3], "quoted, and judged nowhere")
	require.Equal(t, "| S4 | “Threads of a process can share the memory of global variables.” | — | — | — |", got[5])
	require.Equal(t, "| S17 | “The calculation operation executed faster than threaded implementation because now we are not stuck in capturing GIL …” | "+
		"[01 Boil water & wait](01-kettle/README.md#boil-water--wait)<br>[02 served](02-orders/README.md#served-1) | ✅ yes | "+
		"[❌ no](01-kettle/README.md#boil-water--wait)<br>[✅ yes](02-orders/README.md#served-1) |", got[18])
}

func TestMinutes(t *testing.T) {
	words := func(n int) string { return strings.Repeat("word ", n) + "\n" }
	require.Equal(t, 1, page{text: words(3)}.minutes())
	require.Equal(t, 2, page{text: words(480)}.minutes())
	require.Equal(t, 1, page{text: "<details>\n" + words(480) + "</details>\n<!-- nav -->\n"}.minutes(), "what is folded is left out")
	require.Equal(t, 1, page{text: `<img alt="` + words(480)}.minutes(), "so is what describes a picture")
}

func TestWeave(t *testing.T) {
	root := kitchen.with(tree{
		"02-orders/README.md": "a `<!-- nav -->` b ``<!-- code: ` -->``\n<!-- TODO: x -->\n <!-- toc -->\n<!-- a b -->\n\n- ```\n  <!-- nav -->\n  ```\n" +
			"~~~\n<!-- wrong -->\n```\n<!-- nav -->\n~~~~\n<!-- nav -->\nold\n```\n<!-- other -->\n<!-- /nav --> \nend",
	}).write(t)
	require.NoError(t, os.Chmod(filepath.Join(root, "README.md"), 0o600))
	before, err := os.Stat(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	code, stdout, stderr := runWeave(filepath.Join(root, "02-orders"))
	require.Zero(t, code, stderr)
	require.Empty(t, stderr)
	require.Equal(t, "01-kettle/README.md\n02-orders/README.md\nREADME.md\n", stdout)

	woven := readTree(t, root)
	require.Len(t, woven, len(kitchen), "nothing is left behind")
	require.Equal(t, "a `<!-- nav -->` b ``<!-- code: ` -->``\n<!-- TODO: x -->\n <!-- toc -->\n<!-- a b -->\n\n- ```\n  <!-- nav -->\n  ```\n"+
		"~~~\n<!-- wrong -->\n```\n<!-- nav -->\n~~~~\n<!-- nav -->\n"+
		"[← 01 The kettle](../01-kettle/README.md) · [Contents](../README.md)\n<!-- /nav --> \nend", woven["02-orders/README.md"])
	info, err := os.Stat(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	require.Equal(t, before.Mode(), info.Mode())

	code, stdout, stderr = runWeave(root)
	require.Zero(t, code)
	require.Empty(t, stdout+stderr)
	require.Equal(t, woven, readTree(t, root))
	code, stdout, stderr = runWeave(root, "-check")
	require.Zero(t, code)
	require.Empty(t, stdout+stderr)
}

func TestWeaveKeepsLineEnds(t *testing.T) {
	files := kitchen.with(nil)
	for name, text := range files {
		if strings.HasSuffix(name, ".md") {
			files[name] = strings.ReplaceAll(text, "\n", "\r\n")
		}
	}
	root, plain := files.write(t), kitchen.write(t)
	code, _, stderr := runWeave(root)
	require.Zero(t, code, stderr)
	code, _, stderr = runWeave(plain)
	require.Zero(t, code, stderr)
	for name, text := range readTree(t, plain) {
		if strings.HasSuffix(name, ".md") {
			got, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
			require.NoError(t, err)
			require.Equal(t, strings.ReplaceAll(text, "\n", "\r\n"), string(got))
		}
	}

	page := filepath.Join(root, "01-kettle", "README.md")
	mixed := strings.ReplaceAll(readTree(t, plain)["01-kettle/README.md"], " -->\n", " -->\r\n")
	for _, text := range []string{readTree(t, root)["01-kettle/README.md"], mixed} {
		require.NoError(t, os.WriteFile(page, []byte(text), 0o644))
		code, stdout, _ := runWeave(root, "-check")
		require.Zero(t, code, stdout)
		require.NoError(t, os.WriteFile(page, []byte(strings.Replace(text, "<!-- /nav", "x\n<!-- /nav", 1)), 0o644))
		_, stdout, _ = runWeave(root, "-check")
		require.Equal(t, "01-kettle/README.md:5: out of date: <!-- nav -->\n-x\n"+cure+"\n", stdout)
	}
}

// TestCellsInLists weaves the cells between code blocks that begin in list items
// and quotes.
func TestCellsInLists(t *testing.T) {
	const cell = "<!-- nav -->\n%s<!-- /nav -->\n"
	for _, around := range []string{
		"- ```sh\n  a\n  ```\n", "1. a\n\n   ~~~\n   ```\n   ~~~\n", "> ```\n> a\n> ```\n", "* - > ````\n    > ```\n    > ````\n",
		"-\t```\n\t<!-- nav -->\n\t```\n",
	} {
		page := around + cell + "\n" + around + cell + around
		root := kitchen.with(tree{"02-orders/README.md": strings.ReplaceAll(page, "%s", "")}).write(t)
		code, _, stderr := runWeave(root)
		require.Zero(t, code, "%s%s", page, stderr)
		require.Equal(t, strings.ReplaceAll(page, "%s", "[← 01 The kettle](../01-kettle/README.md) · [Contents](../README.md)\n"),
			readTree(t, root)["02-orders/README.md"])
	}
}

func TestFigureInALine(t *testing.T) {
	const page = "01-kettle/README.md"
	weaveLine := func(t *testing.T, text string) (string, string) {
		root := kitchen.with(tree{page: text}).write(t)
		_, _, stderr := runWeave(root)
		woven, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(page)))
		require.NoError(t, err)
		return string(woven), stderr
	}
	woven, stderr := weaveLine(t, "It takes <!-- figure: boil-water / one | two -->9<!-- /figure --> of it, for\r\n<b>all</b> <!-- figure: boil-water / cups / count --><!-- /figure -->.\n")
	require.Empty(t, stderr)
	require.Equal(t, "It takes <!-- figure: boil-water / one | two -->0.52<!-- /figure --> of it, for\r\n<b>all</b> <!-- figure: boil-water / cups / count -->52,000<!-- /figure -->.\n", woven)

	for text, want := range map[string]string{
		"It takes <!-- figure: boil-water / two -->9<!-- /figure -->.\n":          `README.md:1: 0 figures are "boil-water / two": there are one | two / x sequential; `,
		"It takes <!-- figure: boil-water / cups / x -->9<!-- /figure -->.\n":     `README.md:1: 0 figures are`,
		"It takes <!-- figure: boil-water -->9<!-- /figure -->.\n":                "write SECTION / ROW",
		"It takes <!-- figure: brew / cups -->9<!-- /figure -->.\n":               `no section "brew" is recorded`,
		"It takes <!-- figure: boil-water / cups -->9.\n":                         "README.md:1: this is not taken for a marker",
		"<!-- figure: boil-water / cups -->9<!-- /figure --> cups.\n":             "put a word before the figure",
		"- <!-- figure: boil-water / cups -->9<!-- /figure -->\n- b <!-- nav -->": "README.md:2: this is not taken for a marker: write <!-- nav -->",
		"<!-- figure: boil-water / cups -->\n9\n<!-- /figure -->\n":               "a figure stands in a line of prose",
	} {
		woven, stderr := weaveLine(t, text)
		require.Contains(t, stderr, want, text)
		require.Equal(t, text, woven, "a refused page is left alone")
	}
}

func TestWrittenFor(t *testing.T) {
	const page = "01-kettle/README.md"
	for comment, want := range map[string]string{
		"<!-- written for: S17 yes, Go no; S1 Go can't tell here -->": "",
		"<!-- written for: S17 no -->":                                "README.md:1: this prose was written for S17, CPython: no; recorded is yes",
		"<!-- written for: S17 Go yes -->":                            "S17, Go: yes; recorded is no",
		"<!-- written for: S3 yes -->":                                "S3 is not judged for CPython",
		"<!-- written for: yes -->":                                   `"yes" is no outcome`,
		"<!-- written for: S17 perhaps -->":                           `"S17 perhaps" is no outcome`,
	} {
		root := kitchen.with(tree{page: comment + "\n"}).write(t)
		_, _, stderr := runWeave(root)
		if want == "" {
			require.Empty(t, stderr, comment)
		} else {
			require.Contains(t, stderr, want, comment)
		}
	}
}

func TestAnswersAndMeasurement(t *testing.T) {
	answers := []notebook.Answer{{Of: notebook.CPython, Lead: "In Python, that's true.", Text: "It takes 0.52*.", Claim: "S17"}, {Of: notebook.Go, Lead: "In Go, it's different.", Text: "It takes as long.", Claim: "S1"}}
	say := func(r *notebook.Result) {
		r.Rounds, r.Headline, r.Answers = 25, &notebook.Headline{Unit: "x sequential", Title: "Two kettles"}, answers
	}
	files := kitchen.with(recordedWith(say))
	require.Equal(t, "**In Python, that's true.** It takes 0.52\\*.\n\n**In Go, it's different.** It takes as long.\n\n"+`<picture>
<source media="(prefers-color-scheme: dark)" srcset="01-kettle/boil-water-bars-dark.svg">
<img src="01-kettle/boil-water-bars.svg" alt="Two kettles. one | two: 0.52; alone: 1.00">
</picture>
`, weaveCell(t, files, "README.md", "<!-- answer: 01-kettle/boil-water -->"))
	first := weaveCell(t, files, "01-kettle/README.md", "<!-- answer: boil-water / S17 -->")
	require.True(t, strings.HasPrefix(first, "**In Python, that's true.** It takes 0.52\\*.\n\n<picture>"), first)
	require.Equal(t, "**In Go, it's different.** It takes as long.\n", weaveCell(t, files, "01-kettle/README.md", "<!-- answer: boil-water / S1 -->"))
	folded := weaveCell(t, files, "01-kettle/README.md", "<!-- measurement: boil-water -->")
	require.True(t, strings.HasPrefix(folded, "<details>\n<summary>The measurement: 25 rounds, 3 figures, 3 verdicts</summary>\n\n*Predicted: "), folded)
	require.Contains(t, folded, "✅ **S17, CPython: yes**: two / one = 0.52\n")
	require.NotContains(t, folded, "> **")
	answers[1].Lead = ""
	files = kitchen.with(recordedWith(say))
	require.Equal(t, "It takes as long.\n", weaveCell(t, files, "01-kettle/README.md", "<!-- answer: boil-water / S1 -->"))
	claim, _ := notebook.ClaimByNo("S1")
	require.Contains(t, weaveCell(t, files, "01-kettle/README.md", "<!-- measurement: boil-water -->"),
		"verdicts</summary>\n\n> **S1** “"+claim.Quote()+"”\n\n*Predicted: ")
	require.True(t, strings.HasSuffix(folded, " [How to read this](../README.md#how-it-is-measured).</sub>\n\n</details>\n"), folded)
}

func TestCheck(t *testing.T) {
	root := kitchen.write(t)
	code, _, stderr := runWeave(root)
	require.Zero(t, code, stderr)
	page := filepath.Join(root, "01-kettle", "README.md")
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	stale := strings.Replace(string(text), "    fill(w)\n\n", "    fill(w, 1)\n    fill(w, 2)\n\n", 1)
	stale = strings.Replace(stale, "tea\n", "", 1)
	stale = strings.Replace(stale, "[Contents]", "more\n[Contents]", 1)
	require.NoError(t, os.WriteFile(page, []byte(stale), 0o644))

	code, stdout, stderr := runWeave(root, "-check")
	require.Equal(t, 1, code)
	require.Empty(t, stderr)
	require.Equal(t, `01-kettle/README.md:4: out of date: <!-- nav -->
-more
01-kettle/README.md:17: out of date: <!-- code: boil_water.go#boilWater -->
-    fill(w, 1)
-    fill(w, 2)
+    fill(w)
01-kettle/README.md:72: out of date: <!-- output: waitInErrgroup -->
+tea
mend it with: go tool weave
`, stdout)
	after, err := os.ReadFile(page)
	require.NoError(t, err)
	require.Equal(t, stale, string(after), "-check changes nothing")
}

func TestRefusals(t *testing.T) {
	changed := strings.Replace(signed(kettleRecord), kettleRecord.Date, "2020-01-01", 1)
	cell := func(kind, argument string) string {
		return "<!-- " + kind + ": " + argument + " -->\n<!-- /" + kind + " -->\n"
	}
	const page = "02-orders/README.md"
	tests := []struct {
		name  string
		files tree
		want  []string // what the lines begin with
	}{
		{"unknown markers", tree{page: "<!-- toc -->\n<!-- note: x -->\n<!-- /toc -->\n"}, []string{
			page + ":1: unknown marker <!-- toc -->: the kinds are ", page + ":2: unknown marker <!-- note: x -->", page + ":3: unknown marker <!-- /toc -->"}},
		{"no argument", tree{page: "<!-- code -->\n<!-- /code -->\n<!-- code: -->\n<!-- /code -->\n"}, []string{
			page + ":1: write the marker as <!-- code: FILE.go#NAME -->", page + ":3: write the marker as"}},
		{"an argument too many", tree{page: cell("nav", "up")}, []string{page + ":1: write the marker as <!-- nav -->"}},
		{"never closed", tree{page: "\n<!-- nav -->\n<!-- /nav: x -->\n"}, []string{page + ":2: the cell is never closed: close it with <!-- /nav -->"}},
		{"never opened", tree{page: "\n<!-- /nav -->\n"}, []string{page + ":2: <!-- /nav --> closes no cell"}},
		{"nested", tree{page: "<!-- nav -->\n<!-- contents -->\n<!-- /contents -->\n<!-- /nav -->\n"}, []string{
			page + ":2: <!-- contents --> stands inside the cell that line 1 opens: close that with <!-- /nav --> first",
			page + ":4: <!-- /nav --> closes no cell"}},
		{"closed as another", tree{page: "<!-- nav -->\n<!-- /code -->\n<!-- /nav -->\n"}, []string{
			page + ":2: <!-- /code --> stands inside the cell that line 1 opens"}},
		{"open code block", tree{page: "```go\n<!-- nav -->\n~~~\n``` go\n"}, []string{page + ":1: the code block is never closed: close it with ```"}},

		{"open code blocks in a list", tree{page: "- ```\n  a\n\n<!-- nav -->\n<!-- /nav -->\n> ~~~~\n"}, []string{
			page + ":1: the code block is never closed: close it with ```", page + ":6: the code block is never closed: close it with ~~~~"}},
		{"markers that do not stand alone", tree{page: "a <!-- nav -->\n <!-- /nav -->\n- <!-- code: a.go#a -->\n\n  <!-- python: a.py#a -->\n> <!-- claims -->\n" +
			"<!-- output: a --> b\n<!-- nav --><!-- /nav -->\n` <!-- nav -->\n`a`` <!-- nav --> `\n"}, []string{
			page + ":1: this is not taken for a marker: write <!-- nav --> at column 0, alone on its line; if it is text, between the fences of a code block",
			page + ":2: this is not taken for a marker: write <!-- /nav -->", page + ":3: this is not taken for a marker: write <!-- code: FILE.go#NAME -->",
			page + ":5: this is not taken for a marker: write <!-- python: FILE.py -->", page + ":6: this is not taken for a marker: write <!-- claims -->",
			page + ":7: this is not taken for a marker: write <!-- output: NAME -->", page + ":8: this is not taken for a marker: write <!-- nav -->",
			page + ":8: this is not taken for a marker: write <!-- /nav -->", page + ":9: this is not taken for a marker: write <!-- nav -->"}},
		{"markers written in other ways", tree{page: "<!--nav-->\n<!-- NAV-->\n<!-- nav : x -->\n<!-- /nav: x -->\n<!-- code: a\n-->\n<!-- code\n-->\n"}, []string{
			page + ":1: this is not", page + ":2: this is not", page + ":3: this is not", page + ":4: this is not", page + ":5: this is not", page + ":7: this is not"}},
		{"cell in HTML", tree{page: "<details>\n<!-- nav -->\n<!-- /nav -->\n\n<!--\n<!-- nav -->\n<!-- /nav -->\n"}, []string{
			page + ":2: <!-- nav --> stands in HTML, where the cell would not be read as Markdown", page + ":6: <!-- nav --> stands in HTML"}},

		{"no file", tree{page: cell("code", "gone.go#order")}, []string{page + ":1: open 02-orders/gone.go: "}},
		{"outside of the module", tree{page: cell("code", "../../order.go#order")}, []string{page + ":1: ../../order.go lies outside of the module"}},
		{"no name", tree{page: cell("code", "main.go")}, []string{page + `:1: "main.go" names no declaration: write FILE.go#NAME`}},
		{"not Go", tree{page: cell("code", "twin.py#a")}, []string{page + `:1: "twin.py#a" names no declaration: write FILE.go#NAME`}},
		{"not Python", tree{page: cell("python", "main.go#a")}, []string{page + `:1: "main.go#a" names no declaration: write FILE.py#NAME`}},
		{"no declaration", tree{page: cell("code", "../01-kettle/boil_water.go#boil")}, []string{
			page + `:1: 01-kettle/boil_water.go declares no "boil": it has boilWater`}},
		{"no declaration after a comma", tree{page: cell("code", "main.go#main,")}, []string{page + `:1: 02-orders/main.go declares no "": it has main`}},
		{"no part", tree{page: cell("code", "../01-kettle/boil_water.go#boilWater:end")}, []string{
			page + `:1: boilWater of 01-kettle/boil_water.go: there is no part "end": it has fill, boil`}},
		{"no parts", tree{page: cell("code", "main.go#main:x")}, []string{
			page + `:1: main of 02-orders/main.go: there is no part "x": it has none`}},
		{"two parts of a name", tree{page: cell("code", "o.go#o:x"), "02-orders/o.go": "package main\n\nfunc o() {\n\t// part: x\n\t// part: x\n}\n"}, []string{
			page + `:1: o of 02-orders/o.go: there are two parts "x"`}},
		{"empty part", tree{page: cell("code", "o.go#o:x"), "02-orders/o.go": "package main\n\nfunc o() {\n\t// part: x\n\n\t// part: end\n}\n"}, []string{
			page + `:1: o of 02-orders/o.go: the part "x" is empty`}},
		{"Go that does not parse", tree{page: cell("code", "o.go#o"), "02-orders/o.go": "package main\n\nfunc {\n"}, []string{page + ":1: 02-orders/o.go:3:6: expected"}},
		{"no declaration in Python", tree{page: cell("python", "../01-kettle/twin.py#boil")}, []string{
			page + `:1: 01-kettle/twin.py declares no "boil": it has boil_water, pour, CUPS, SAUCER, wait, Kettle`}},
		{"string at column 0 in Python", tree{page: cell("python", "o.py#o"), "02-orders/o.py": "o = '''\nx\n'''\n"}, []string{
			page + ":1: 02-orders/o.py: a string in o has a line at column 0"}},
		{"marker in the body", tree{page: cell("code", "o.go#o"), "02-orders/o.go": "package main\n\nconst o = `\n<!-- /code -->\n`\n"}, []string{
			page + ":1: the cell would hold the line <!-- /code -->, which is a marker"}},

		{"no Example", tree{page: cell("output", "boilWater")}, []string{page + ":1: no file 02-orders/*_test.go declares Example_boilWater"}},
		{"Example without output", tree{page: "", "01-kettle/README.md": cell("output", "silent")}, []string{
			"01-kettle/README.md:1: Example_silent has no output: write // Output: and"}},
		{"test that does not parse", tree{page: cell("output", "o"), "02-orders/o_test.go": "package"}, []string{page + ":1: 02-orders/o_test.go:1:8: expected"}},
		{"no record", tree{page: cell("recorded", "served")}, []string{
			page + `:1: no section "served" is recorded in 02-orders: record it with: go run ./02-orders -record`}},
		{"no section in the record", tree{page: cell("recorded", "../01-kettle/served")}, []string{
			page + `:1: no section "served" is recorded in 01-kettle: record it with: go run ./01-kettle -record`}},
		{"no chapter", tree{page: cell("recorded", "../../x/served")}, []string{page + `:1: ../../x/ lies outside of the module`}},
		{"record changed by hand", tree{"01-kettle/recorded.json": changed}, []string{"01-kettle/README.md:18: ", "README.md:6: "}},
		{"nav without a chapter", tree{"internal/README.md": "<!-- nav -->\n<!-- /nav -->\n"}, []string{
			"internal/README.md:1: nav belongs to the page of a chapter or of a folder inside one"}},

		{"fields that are no literals", tree{"02-orders/main.go": `package main

var c = notebook.Chapter{
	Name: name,
	Title: "a" + title,
	Answer: 5,
	Sections: []notebook.Section{
		{"unnamed"},
		taken,
		{Name: "served", Claims: claims, Demo: func() {}},
	},
}
`}, []string{
			"02-orders/main.go:4: write NAME: LITERAL here", "02-orders/main.go:5: write", "02-orders/main.go:6: write",
			"02-orders/main.go:8: write", "02-orders/main.go:9: write", "02-orders/main.go:10: write", "02-orders/main.go:10: write",
			"02-orders/README.md:3: nav belongs"}},
		{"main that does not parse", tree{"02-orders/main.go": "package main\n\nfunc\n"}, []string{
			"02-orders/main.go:3:6: expected", "02-orders/README.md:3: nav belongs"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files := kitchen.with(test.files)
			root := files.write(t)
			for _, args := range [][]string{nil, {"-check"}} {
				code, stdout, stderr := runWeave(root, args...)
				require.Equal(t, 1, code)
				require.Empty(t, stdout)
				lines := strings.Split(strings.TrimSuffix(stderr, "\n"), "\n")
				require.Len(t, lines, len(test.want), stderr)
				for i, want := range test.want {
					require.True(t, strings.HasPrefix(lines[i], want), "%q does not begin with %q", lines[i], want)
				}
				require.Equal(t, files, readTree(t, root), "nothing is written")
			}
		})
	}
}

func TestCommandLine(t *testing.T) {
	root := kitchen.write(t)
	for _, args := range [][]string{{"-fix"}, {"README.md"}, {"-check", "README.md"}} {
		code, stdout, stderr := runWeave(root, args...)
		require.Equal(t, 2, code)
		require.Empty(t, stdout)
		require.Contains(t, stderr, usage)
	}
	code, stdout, stderr := runWeave(root, "-h")
	require.Zero(t, code)
	require.Equal(t, usage, stdout)
	require.Empty(t, stderr)
	require.Equal(t, kitchen, readTree(t, root))
}

func TestOutsideOfAModule(t *testing.T) {
	code, stdout, stderr := runWeave(t.TempDir())
	require.Equal(t, 1, code)
	require.Empty(t, stdout)
	require.Contains(t, stderr, "run weave inside the notebook's checkout")
}

func TestAnchors(t *testing.T) {
	p, errs := parsePage("README.md", "# C++ `go`, 50 %\n## Same\n### Same\n## Same  \n#no\n## Same-1\n## Ünï_x 2\n```\n## code\n```\n")
	require.Empty(t, errs)
	require.Equal(t, map[string]string{
		"# C++ `go`, 50 %": "c-go-50-", "## Same": "same", "### Same": "same-1", "## Same-1": "same-1-1", "## Ünï_x 2": "ünï_x-2",
	}, p.anchors())
}
