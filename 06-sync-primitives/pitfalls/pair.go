package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
)

//go:embed testdata
var programs embed.FS

// shelf has the programs in Go: each is built once.
var shelf = program.NewShelf(programs)

// findPython is another one in tests, which look for Python once.
var findPython = notebook.Python

// limit is the kill timer of a run. The longest takes two seconds.
const limit = 20 * time.Second

// A pair is two programs in each language, broken and cured, in a folder below
// testdata.
type pair struct {
	name   string
	goOnly bool // whether Python doesn't know the pitfall
	vet    bool // whether to show what go vet says, too
}

// folder returns where the program in Go lies: which is broken or cured.
func (p pair) folder(which string) string { return path.Join("testdata", p.name, which) }

// script returns the program in Python.
func (p pair) script(which string) string { return p.folder(which) + ".py" }

// A run is one program of a pair, and what its end looked like.
type run struct{ of, which, looked string }

// show runs the programs of a pair, and shows how they ended.
func (p pair) show(ctx context.Context, w io.Writer) error {
	var runs []*run
	running, ctx := errgroup.WithContext(ctx)
	add := func(of, which string, look func(ctx context.Context, which string) (string, error)) {
		r := &run{of: of, which: which}
		runs = append(runs, r)
		running.Go(func() (err error) {
			r.looked, err = look(ctx, which)
			return err
		})
	}
	for _, which := range []string{"broken", "cured"} {
		if !p.goOnly {
			add("Python", which, p.runPython)
		}
		add("Go", which, p.runGo)
		if p.vet {
			add("go vet", which, p.runVet)
		}
	}
	if err := running.Wait(); err != nil {
		return err
	}
	for len(runs) > 0 {
		of := runs[0].of
		n := 1
		for n < len(runs) && runs[n].which == runs[0].which && runs[n].looked == runs[0].looked {
			of += " and " + runs[n].of
			n++
		}
		fmt.Fprintf(w, "%s, %s: %s", of, runs[0].which, runs[0].looked)
		if n < len(runs) && runs[n].which != runs[0].which {
			fmt.Fprintln(w)
		}
		runs = runs[n:]
	}
	return nil
}

// looks returns what is shown of a program's end.
func looks(exitCode int, lines []string) string {
	shown := fmt.Sprintf("exit status %d\n", exitCode)
	for _, line := range lines {
		shown += "  " + line + "\n"
	}
	return shown
}

func notShown(why error) string { return fmt.Sprintf("can't be shown here: %v\n", why) }

var killed = fmt.Sprintf("killed after %v\n", limit)

func (p pair) runGo(ctx context.Context, which string) (string, error) {
	built, err := shelf.Get(ctx, program.Plain, p.folder(which))
	if missing, ok := errors.AsType[*program.CannotBuild](err); ok {
		return notShown(missing), nil
	} else if err != nil {
		return "", err
	}
	ran, err := built.Run(ctx, limit)
	if err != nil {
		return "", err
	}
	if ran.TimedOut {
		return killed, nil
	}
	return looks(ran.ExitCode, program.Telling(ran.Output)), nil
}

func (p pair) runVet(ctx context.Context, which string) (string, error) {
	found, err := program.Vet(ctx, programs, p.folder(which))
	if missing, ok := errors.AsType[*program.CannotBuild](err); ok {
		return notShown(missing), nil
	} else if err != nil {
		return "", err
	}
	return looks(found.ExitCode, program.Telling(found.Output)), nil
}

func (p pair) runPython(ctx context.Context, which string) (string, error) {
	python, err := findPython(ctx)
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	} else if err != nil {
		return notShown(err), nil
	}
	text, err := fs.ReadFile(programs, p.script(which))
	if err != nil {
		return "", err
	}
	folder, err := os.MkdirTemp("", "pitfall-")
	if err != nil {
		return notShown(err), nil
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, which+".py")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return notShown(err), nil
	}

	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	// -I: without what the reader has set; -u: what is printed is seen even if
	// the program is ended.
	cmd := exec.CommandContext(limited, python.Path, "-I", "-B", "-u", file)
	out, err := cmd.CombinedOutput()
	if _, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		return "", fmt.Errorf("running %s: %w", p.script(which), err)
	}
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case limited.Err() != nil:
		return killed, nil
	}
	return looks(cmd.ProcessState.ExitCode(), tellingOfPython(string(out), which+".py")), nil
}

var (
	pythonThread = regexp.MustCompile(`^(?:Current t|T)hread 0x`)
	pythonFrame  = regexp.MustCompile(`^  File "(?:.*[/\\])?([^/\\"]+)", line (\d+) in (.+)$`)
)

// tellingOfPython returns the lines of a Python program's output that tell how it
// ended. Of each thread that faulthandler found, that is the innermost line of
// the program itself: "thread: broken.py, line 15 in move". Threads at the same
// line are counted.
func tellingOfPython(output, script string) []string {
	var lines, threads []string
	times := make(map[string]int)
	dump, inThread := false, false
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		found := pythonFrame.FindStringSubmatch(line)
		switch {
		case pythonThread.MatchString(line):
			dump, inThread = true, true
		case !dump && line != "":
			lines = append(lines, line)
		case inThread && found != nil && found[1] == script:
			where := fmt.Sprintf("%s, line %s in %s", script, found[2], found[3])
			if !slices.Contains(threads, where) {
				threads = append(threads, where)
			}
			times[where]++
			inThread = false
		}
	}
	for _, where := range threads {
		if n := times[where]; n > 1 {
			lines = append(lines, fmt.Sprintf("%d threads: %s", n, where))
		} else {
			lines = append(lines, "thread: "+where)
		}
	}
	return lines
}
