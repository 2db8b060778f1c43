// Package notebook prints a chapter of the notebook: for each section the
// claim, the demo, the prediction, the figures and the verdict.
package notebook

import (
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
	Files    fs.FS  // the chapter's *.py and recorded.json, embedded; without a twin.py there is no Python to compare with
	Sections []Section

	Usage string // a line more for -h: what else the program can do

	// Close, if there is one, is called before the program ends, also when a
	// signal ends it: it removes what the sections have left for each other.
	Close func()
}

// hasTwin tells whether there is a Python to compare with.
func (c Chapter) hasTwin() bool {
	if c.Files == nil {
		return false
	}
	_, err := fs.Stat(c.Files, "twin.py")
	return err == nil
}

// A Section is one heading of the page, one file, one Example.
type Section struct {
	Name   string   // as typed on the command line: "cpu-bound"
	Title  string   // as it stands over the section: "CPU-bound work"
	Claims []string // the numbers of the claims that it quotes, see Claims

	// Demo shows the idea: the same output on every run. Its Example checks
	// that output and its page shows it.
	Demo func(ctx context.Context, w io.Writer) error

	// Experiment predicts, measures and judges. It is nil where there is no
	// number to the idea.
	Experiment func(ctx context.Context, lab *Lab) error
}
