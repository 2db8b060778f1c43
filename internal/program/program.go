// Package program builds and runs the small programs that a chapter keeps under
// testdata: those that race, deadlock or never end, and so cannot be part of it.
package program

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// abandoned is how long the end of a killed command's output may be waited for.
const abandoned = time.Second

// A Mode is a way to build a program.
type Mode int

const (
	Plain Mode = iota // without cgo, so that the runtime can see a deadlock
	Race              // with the race detector, which needs cgo and a C compiler
)

// A Program is one that has been built. Its owner removes it.
type Program struct{ folder, path string }

// A CannotBuild says what is missing on this machine: the go command, or what
// the race detector needs.
type CannotBuild struct{ Why string }

// Error says what is missing.
func (e *CannotBuild) Error() string { return e.Why }

// Build builds the program in a folder of the files, which a chapter embeds, so
// that it can be run from anywhere. What the machine lacks for that is a
// [*CannotBuild]; what is wrong with the program is an error that quotes the
// compiler.
func Build(ctx context.Context, mode Mode, files fs.FS, folder string) (p *Program, err error) {
	sources, err := fs.Sub(files, folder)
	if err != nil {
		return nil, err
	}
	gocmd, err := exec.LookPath("go")
	if err != nil {
		return nil, &CannotBuild{"the go command, which builds the program, was not found on PATH"}
	}
	temp, err := os.MkdirTemp("", "program-")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(temp)
		}
	}()
	source := filepath.Join(temp, "source")
	if err := os.CopyFS(source, sources); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(source, "go.mod"), []byte("module program\n\ngo 1.26\n"), 0o600); err != nil {
		return nil, err
	}
	p = &Program{temp, filepath.Join(temp, "program")}
	if runtime.GOOS == "windows" {
		p.path += ".exe"
	}
	args, cgo := []string{"build", "-o", p.path}, "0"
	if mode == Race {
		args, cgo = append(args, "-race"), "1"
	}
	build := exec.CommandContext(ctx, gocmd, append(args, ".")...)
	build.Dir = source
	build.Env = append(os.Environ(), "CGO_ENABLED="+cgo, "GOWORK=off", "GOFLAGS=", "GOTOOLCHAIN=local")
	build.WaitDelay = abandoned
	out, err := build.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil && lacks.Match(out):
		return nil, &CannotBuild{"what the build needs is missing here: " + lastLine(out)}
	case err != nil:
		return nil, fmt.Errorf("building %s: %w: %s", folder, err, bytes.TrimSpace(out))
	}
	return p, nil
}

// What the go command says where a C compiler, cgo, a later Go or a place for its
// cache is missing.
var lacks = regexp.MustCompile(`C compiler|requires cgo|-race (is not|is only) supported|requires go >=|build cache is required|GOCACHE`)

func lastLine(text []byte) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[len(lines)-1]
}

// Remove removes the program and its sources.
func (p *Program) Remove() { os.RemoveAll(p.folder) }

// A Result is how a run of a program ended.
type Result struct {
	Output   string // to standard output and standard error
	ExitCode int    // -1 if it was killed
	TimedOut bool   // whether it was killed because its time was over
}

// Run runs the program, and kills it when the limit is over. That it fails is
// a result, not an error.
func (p *Program) Run(ctx context.Context, limit time.Duration) (Result, error) {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(limited, p.path)
	cmd.Env = append(os.Environ(), "GORACE=", "GODEBUG=") // what the reader has set is for other programs
	cmd.WaitDelay = abandoned
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return Result{}, context.Cause(ctx)
	}
	if _, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		return Result{}, fmt.Errorf("running %s: %w", p.path, err)
	}
	code := cmd.ProcessState.ExitCode()
	return Result{string(out), code, code < 0 && limited.Err() != nil}, nil
}

// Races returns the data races that a program built with the race detector has
// reported, each in a line without what differs from run to run: "write in
// main.main.func1 (main.go:13), previous read in main.main (main.go:15)".
func Races(output string) []string {
	var races []string
	for _, report := range strings.Split(output, "WARNING: DATA RACE")[1:] {
		var accesses []string
		for _, found := range access.FindAllStringSubmatch(report, 2) {
			what := strings.ToLower(found[1])
			accesses = append(accesses, fmt.Sprintf("%s in %s (%s)", what, found[2], found[3]))
		}
		races = append(races, strings.Join(accesses, ", "))
	}
	return races
}

// An access of a report: its kind, the function that made it, and where.
var access = regexp.MustCompile(`(?m)^((?:Previous )?(?:[Rr]ead|[Ww]rite)) at 0x[0-9a-f]+ by .*:\n  (\S+)\(\)\n\s+.*[/\\]([^/\\\s]+:\d+) `)
