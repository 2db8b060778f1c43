// Package notebook prints a chapter of the notebook: for each section the
// claim, the demo, the prediction, the figures and the verdict.
package notebook

import (
	"cmp"
	"context"
	"io"
	"io/fs"
)

// A Chapter is one folder of the notebook: a page, and a program that is the
// page, run.
type Chapter struct {
	Name     string // the folder, as in "03-processes"
	Title    string
	Answer   string // the chapter in one line
	Sections []Section

	// Files are embedded: recorded.json, the sections' programs in Python, and
	// twin.py, if there is one, which measures on Python's side.
	Files fs.FS

	Usage string // a line more for -h: what else the program can do
	Run   string // how it's run, where that isn't go run ./NAME

	// Close, if there is one, is called before the program ends, also when a
	// signal ends it: it removes what the sections have left for each other.
	Close func()
}

// command returns how the chapter is run, from the notebook's root.
func (c Chapter) command() string { return cmp.Or(c.Run, "go run ./"+c.Name) }

// hasTwin tells whether there is something in Python to measure.
func (c Chapter) hasTwin() bool {
	if c.Files == nil {
		return false
	}
	_, err := fs.Stat(c.Files, "twin.py")
	return err == nil
}

// A Section is one heading of the page, one file in each language, one Example.
type Section struct {
	Name   string   // as typed on the command line: "cpu-bound"
	Title  string   // as it stands over the section: "CPU-bound work"
	Claims []string // the numbers of the claims that it quotes, see Claims
	Shows  string   // what the demo shows, in a line: the terminal has no page around it

	// Page is the folder of the page that the section stands on, where that is
	// not the chapter's own: "procpool" is an engine with a page of its own.
	Page string

	// Demo shows the idea: the same output on every run. Its Example checks
	// that output and its page shows it.
	Demo func(ctx context.Context, w io.Writer) error

	// Experiment predicts, measures and judges. It is nil where there is no
	// number to the idea.
	Experiment func(ctx context.Context, lab *Lab) error
}
