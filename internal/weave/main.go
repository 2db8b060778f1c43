// Weave keeps the pages of the notebook in step with its code: it rewrites the
// cells of every README.md of the module, and the pictures in them.
//
//	go tool weave          rewrite what is out of date
//	go tool weave -check   change nothing, and print what is out of date
//
// A cell stands between two markers, each alone on its line at column 0:
//
//	<!-- code: cpu_bound.go#cpuBound -->
//	<!-- /code -->
//
// The kinds of cells are
//
//	code: FILE.go#NAME      a declaration: a function, Type.Method, type, constant or variable
//	python: FILE.py         a program, whole; FILE.py#NAME is a function, class or assignment
//	output: NAME            the Output of Example_NAME (of ExampleName, where NAME begins in upper case)
//	lesson: SECTION         the section's program in Python, the same in Go, folded, and what both print
//	answer: SECTION         what the section found, in a sentence for each language (answer: SECTION / CLAIM:
//	                        about one of its sentences), and the picture of its
//	                        headline figures, SECTION-bars.svg and SECTION-bars-dark.svg, if it has one
//	picture: SECTION        the picture of who ran when, or of a grid, SECTION.svg and SECTION-dark.svg
//	measurement: SECTION    all that it recorded, folded
//	recorded: SECTION       all that it recorded, unfolded: what an engine costs, on its page
//	contents                the chapters
//	claims                  the claims of the notes, and their verdicts
//	nav                     the previous chapter, the cover, the next chapter
//
// One kind stands in a line of prose, after a word:
//
//	it takes <!-- figure: SECTION / ROW / UNIT -->2.61 s<!-- /figure --> in threads
//
// The UNIT is needed where the section has several figures of that name.
//
// A SECTION is one of the page's chapter; one of another is FOLDER/SECTION.
// FILE and FOLDER are relative to the page's folder. Several NAMEs are joined by
// commas.
// NAME:PART shows only the lines from the comment "// part: PART" (in Python
// "# part: PART") to the next such comment, to "// part: end", or to the end of
// the body.
//
// A marker between the fences of a code block, or in a line between backquotes, is
// text, as is any other comment; one that stands elsewhere is refused. Folders that bring pages
// of their own, as node_modules does, are left alone. What cannot be woven is
// refused: then nothing is written, and the exit code is 1. It is 1 too where
// -check finds a cell out of date, and 2 where the flags are wrong.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const usage = `usage: go tool weave [-check]

Rewrites the cells of the notebook's pages and the pictures in them, and names
the files that changed.

  -check   change nothing; print what is out of date, and exit with 1 if anything is
`

const cure = "mend it with: go tool weave"

func main() {
	os.Exit(run(os.Args[1:], ".", os.Stdout, os.Stderr))
}

// run weaves the pages of the module that dir belongs to, and returns the exit
// code.
func run(args []string, dir string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("weave", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	check := flags.Bool("check", false, "")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return 0
	}
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if err != nil {
		fmt.Fprintf(stderr, "weave: %v\n%s", err, usage)
		return 2
	}

	root, err := moduleRoot(dir)
	if err != nil {
		fmt.Fprintf(stderr, "weave: %v\n", err)
		return 1
	}
	stale, errs := weave(root)
	if len(errs) > 0 {
		for _, err := range errs {
			fmt.Fprintln(stderr, err)
		}
		return 1
	}
	if *check {
		for _, s := range stale {
			fmt.Fprint(stdout, s.diff)
		}
		if len(stale) > 0 {
			fmt.Fprintln(stdout, cure)
			return 1
		}
		return 0
	}
	for _, s := range stale {
		if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(s.path)), []byte(s.woven), 0o644); err != nil {
			fmt.Fprintf(stderr, "weave: %v\n", err)
			return 1
		}
		fmt.Fprintln(stdout, s.path)
	}
	return 0
}

// A staleFile is a page or a picture that is out of date.
type staleFile struct {
	path  string
	woven string // the file as it should be
	diff  string // what is out of date in it
}

// weave returns the files that are out of date, or all that it refuses.
func weave(root string) ([]staleFile, []error) {
	m, errs := readModule(root)
	var stale []staleFile
	slices.SortStableFunc(m.pages, func(a, b page) int { // the cover last: it says how long the others are
		return cmp.Compare(strings.Count(b.path, "/"), strings.Count(a.path, "/"))
	})
	for i, p := range m.pages {
		edits, refused := m.edits(p)
		errs = append(errs, refused...)
		if len(edits) > 0 {
			woven, diff := p.rewrite(edits)
			m.pages[i].text = woven
			stale = append(stale, staleFile{p.path, woven, diff})
		}
	}
	slices.SortFunc(stale, func(a, b staleFile) int { return strings.Compare(a.path, b.path) })
	for _, c := range m.chapters {
		pictures, refused := m.stalePictures(c)
		stale, errs = append(stale, pictures...), append(errs, refused...)
	}
	return stale, errs
}

// moduleRoot returns the nearest folder with a go.mod, from dir upward.
func moduleRoot(dir string) (string, error) {
	start, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("there is no go.mod in %s or above it; run weave inside the notebook's checkout", start)
		}
	}
}
