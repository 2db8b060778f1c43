package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/notebook"
)

// A tree is the files of a made-up module, by their paths.
type tree map[string]string

// with returns the tree with other files added, or put in place of its own.
func (t tree) with(others tree) tree {
	all := maps.Clone(t)
	maps.Copy(all, others)
	return all
}

// write writes the tree to a new folder and returns it.
func (t tree) write(tb testing.TB) string {
	root := tb.TempDir()
	for name, text := range t {
		path := filepath.Join(root, filepath.FromSlash(name))
		require.NoError(tb, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(tb, os.WriteFile(path, []byte(text), 0o644))
	}
	return root
}

// readTree returns all files below a folder.
func readTree(t *testing.T, root string) tree {
	files := make(tree)
	require.NoError(t, fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		files[name] = string(text)
		return err
	}))
	return files
}

// runWeave runs the command in a folder.
func runWeave(folder string, args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(args, folder, &out, &err)
	return code, out.String(), err.String()
}

// signed returns the text of a recorded.json, with its sum.
func signed(r notebook.Record) string {
	text, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(text)
	r.Sum = "sha256:" + hex.EncodeToString(sum[:])
	text, err = json.Marshal(r)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func judgement(claim string, of notebook.Subject, answer measure.Answer, evidence string) notebook.Judgement {
	return notebook.Judgement{Claim: claim, Of: of, Verdict: measure.Verdict{Answer: answer, Evidence: evidence}}
}

var machine = notebook.Machine{Go: "go1.26.8", System: "linux/amd64", CPUs: 2, GOMAXPROCS: 2, Python: "CPython 3.11.7 (GIL)"}

// kettleRecord is what 01-kettle recorded.
var kettleRecord = notebook.Record{
	Chapter: "01-kettle", Date: "2026-11-23", Machine: machine,
	Sections: []notebook.Result{{
		Section:    "boil-water",
		Prediction: "2 * n kettles boil `n*n` cups\nin <1 s",
		Figures: []notebook.Figure{
			{Name: "one | two", Unit: "x sequential", Estimate: measure.Estimate{Median: 0.52, Low: 0.51, High: 0.53, N: 25}, Ideal: new(0.5)},
			{Name: "cups", Unit: "count", Estimate: measure.Estimate{Median: 52000, Low: 52000, High: 52000, N: 1}},
			{Name: "alone", Unit: "x sequential", Estimate: measure.Estimate{Median: 1, Low: 1, High: 1, N: 25}},
		},
		Judgements: []notebook.Judgement{
			judgement("S17", notebook.CPython, measure.Yes, "two / one = 0.52"),
			judgement("S17", notebook.Go, measure.No, "two / one = 1.02"),
			judgement("S1", notebook.Go, measure.CantTell, "one CPU"),
		},
		Remarks: []string{"No twin_b ran."},
	}},
}

// recordedWith returns what 01-kettle would have recorded with a change.
func recordedWith(change func(r *notebook.Result)) tree {
	record := kettleRecord
	record.Sections = slices.Clone(record.Sections)
	change(&record.Sections[0])
	return tree{"01-kettle/recorded.json": signed(record)}
}

// kitchen is a module with two chapters that hold together, all cells empty.
var kitchen = tree{
	"go.mod": "module kitchen\n",
	"README.md": `# The kitchen

<!-- contents -->
<!-- /contents -->

<!-- claims -->
<!-- /claims -->
`,
	"01-kettle/main.go": `package main

import "concurrency-notebook/internal/notebook"

var chapter = notebook.Chapter{
	Name:   "01-kettle",
	Title:  "The kettle",
	Answer: "Water boils " + ` + "`at 100 °C | 212 °F.`" + `,
	Sections: []notebook.Section{
		{
			Name: "boil-water", Title: "Boil water & wait", Claims: []string{"S17", "S1"},
			Demo: boilWater, Experiment: compareKettles,
		},
		{Name: "errgroup", Title: "A group", Claims: []string{"S3"}, Demo: waitInErrgroup},
	},
}

func main() { notebook.Main(chapter) }
`,
	"01-kettle/boil_water.go": `package main

// boilWater is a demo.
func boilWater(ctx context.Context, w io.Writer) error {
	// part: fill
	fill(w)

	// part: boil
	if !boiling {
		boil(w)
	}
	// part: end
	return nil
}
`,
	"01-kettle/errgroup.go": `package main

import "golang.org/x/sync/errgroup"

func waitInErrgroup(ctx context.Context, w io.Writer) error { return new(errgroup.Group).Wait() }
`,
	"01-kettle/example_test.go": `package main

func Example_boilWater() {
	boilWater(context.Background(), os.Stdout)
	// Output:
	// filled
	//   boiled
}

func Example_waitInErrgroup() {
	waitInErrgroup(context.Background(), os.Stdout)
	// Unordered output:
	// tea
	// coffee
}

func Example_silent() {}
`,
	"01-kettle/twin.py": `import time

@cached
@timed(
    rounds=9,
)
def boil_water(n):
    # part: fill
    fill(n)

    # part: boil
    boil(n)
    # part: end
    return n
    # the end

def pour(n):
    # part: all
    pour(n)

    # part: end

# Cups.
CUPS = [
    1,
]
SAUCER: int = 1
async def wait(): pass
class Kettle:
    def boil(self):
        pass
`,
	"01-kettle/recorded.json": signed(kettleRecord),
	"01-kettle/README.md": `# The kettle

<!-- nav -->
<!-- /nav -->

## Boil water & wait

> The notes (S17): “The calculation operation executed
> faster than threaded implementation because now we are not stuck in capturing GIL …”, and (S1)
> "Python code can now be mainly executed in  one of two worlds, synchronous or asynchronous."

<!-- code: boil_water.go#boilWater -->
<!-- /code -->

<!-- output: boilWater -->
<!-- /output -->

<!-- recorded: boil-water -->
<!-- /recorded -->

## A group

> A thread is the smallest unit of processing that can be performed in an OS.

<!-- code: ../01-kettle/errgroup.go#waitInErrgroup -->
<!-- /code -->

<!-- output: waitInErrgroup -->
<!-- /output -->

## What to remember
`,
	"02-orders/main.go": `package main

import "concurrency-notebook/internal/notebook"

func main() {
	notebook.Main(notebook.Chapter{Name: "02-orders", Title: "Orders", Answer: "One by one."})
}
`,
	"02-orders/README.md": "# Orders\n\n<!-- nav -->\n<!-- /nav -->\n",
}

func TestPages(t *testing.T) {
	const foreign, marked = "<!-- toc -->\n```\n", "a\n <!-- nav -->\n"
	tests := []struct {
		name  string
		files tree
		want  []string // the pages and the chapters, but the kitchen's own
	}{
		{"no Go and no marker", tree{"docs/README.md": foreign}, nil},
		{"Go in the folder", tree{"tools/README.md": foreign, "tools/a.go": ""}, []string{"tools/README.md"}},
		{"Go further below", tree{"tools/README.md": foreign, "tools/a/b/c.go": ""}, []string{"tools/README.md"}},
		{"Go beside it", tree{"docs/README.md": foreign, "doc.go": "", "docs2/a.go": ""}, nil},
		{"Go in a skipped folder", tree{"docs/README.md": foreign, "docs/testdata/a.go": ""}, nil},
		{"marker, though in a wrong place", tree{"docs/README.md": marked}, []string{"docs/README.md"}},
		{"marker of another kind", tree{"docs/README.md": "<!-- toc: a -->\n"}, nil},

		{"node_modules", tree{"node_modules/a/README.md": marked, "node_modules/a/main.go": "x"}, nil},
		{"vendor", tree{"tools/vendor/a/README.md": marked, "tools/vendor/a/a.go": ""}, nil},
		{"testdata", tree{"02-orders/testdata/README.md": marked}, nil},
		{"hidden", tree{".a/README.md": marked, "_a/README.md": marked, "_a/main.go": "x"}, nil},
		{"Python's", tree{"env/pyvenv.cfg": "", "env/lib/README.md": marked}, nil},
		{"another checkout", tree{"a/.git/HEAD": "", "a/README.md": marked, "a/b/main.go": "x"}, nil},
		{"a submodule", tree{"a/.git": "", "a/README.md": marked}, nil},
		{"another module", tree{"a/go.mod": "", "a/README.md": marked, "a/a.go": ""}, nil},
		{"a room that is a module of its own", tree{"a/go.mod": "module kitchen/a\n\ngo 1.26\n", "a/README.md": marked, "a/a.go": ""}, []string{"a/README.md"}},
		{"another module of that folder's name", tree{"a/go.mod": "module kitchens/a\n", "a/README.md": marked, "a/a.go": ""}, nil},
		{"all that at the root", tree{".git/HEAD": "", "pyvenv.cfg": ""}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, errs := readModule(kitchen.with(test.files).write(t))
			var got []string
			for _, p := range m.pages {
				if _, ok := kitchen[p.path]; !ok {
					got = append(got, p.path)
				}
			}
			require.Equal(t, test.want, got)
			require.Equal(t, test.want == nil, errs == nil, errs)
			require.Len(t, m.pages, len(got)+3)
			require.Len(t, m.chapters, 2)
		})
	}

	m, _ := readModule(tree{"README.md": foreign}.write(t))
	require.Len(t, m.pages, 1, "the page at the root needs no Go")
}

func TestGoCommand(t *testing.T) {
	m, _ := readModule(kitchen.with(tree{"01-kettle/many/go.mod": "module kitchen/01-kettle/many\n"}).write(t))
	for folder, want := range map[string]string{
		"01-kettle":          "go test -run Example_x ./01-kettle",
		"01-kettle/many":     "go test -C 01-kettle/many -run Example_x .",
		"01-kettle/many/far": "go test -C 01-kettle/many -run Example_x ./far",
	} {
		require.Equal(t, want, m.goCommand("test", folder, "-run", "Example_x"))
	}
}
