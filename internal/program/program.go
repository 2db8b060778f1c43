// Package program builds and runs the small programs that a chapter keeps under
// testdata: those that race, deadlock or never end, and so cannot be part of it.
package program

import (
	"bytes"
	"cmp"
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

// A CannotBuild says what is missing on this machine: the go command, what the
// race detector needs, or a temporary folder in which a program can be built and
// run.
type CannotBuild struct{ Why string }

// Error says what is missing.
func (e *CannotBuild) Error() string { return e.Why }

// Build builds the program in a folder of the files, which a chapter embeds, so
// that it can be run from anywhere. What the machine lacks for that is a
// [*CannotBuild]; what is wrong with the program is an error that quotes the
// compiler.
func Build(ctx context.Context, mode Mode, files fs.FS, folder string) (*Program, error) {
	return buildIn(ctx, "", mode, files, folder)
}

// buildIn builds a program in a new folder inside temp, or inside the system's
// folder for temporary files where that is "".
func buildIn(ctx context.Context, temp string, mode Mode, files fs.FS, folder string) (p *Program, err error) {
	m, err := newModule(temp, files, folder)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			m.remove()
		}
	}()
	p = &Program{m.folder, filepath.Join(m.folder, "program")}
	if runtime.GOOS == "windows" {
		p.path += ".exe"
	}
	args, cgo := []string{"build", "-o", p.path}, "0"
	if mode == Race {
		args, cgo = append(args, "-race"), "1"
	}
	out, err := m.run(ctx, cgo, append(args, ".")...)
	if err != nil {
		return nil, fmt.Errorf("building %s: %w: %s", folder, err, bytes.TrimSpace(out))
	}
	if err := p.startable(); err != nil {
		return nil, err
	}
	return p, nil
}

// Vet runs go vet on the program in a folder of the files. The exit code is 0
// where it finds nothing, and 1 where the output has what it found, a line
// each: "main.go:16:9: sell passes lock by value: ...". Errors are those of
// [Build].
func Vet(ctx context.Context, files fs.FS, folder string) (Result, error) {
	m, err := newModule("", files, folder)
	if err != nil {
		return Result{}, err
	}
	defer m.remove()
	out, err := m.run(ctx, "0", "vet", ".")
	if err == nil {
		return Result{}, nil
	}
	found := finding.FindAllSubmatch(out, -1)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && found != nil {
		var lines strings.Builder
		for _, line := range found {
			fmt.Fprintf(&lines, "%s\n", line[1])
		}
		return Result{Output: lines.String(), ExitCode: exit.ExitCode()}, nil
	}
	return Result{}, fmt.Errorf("vetting %s: %w: %s", folder, err, bytes.TrimSpace(out))
}

// What vet finds in a program that it can read begins with the place. (If it
// cannot, "vet: " stands before that.)
var finding = regexp.MustCompile(`(?m)^(?:\.[/\\])?([^/\\: ]+\.go:\d+:\d+: .*?)\r?$`)

// A module is a temporary folder with the sources of one program, and what the
// go command needs besides.
type module struct{ gocmd, folder string }

func newModule(temp string, files fs.FS, folder string) (m module, err error) {
	sources, err := fs.Sub(files, folder)
	if err != nil {
		return m, err
	}
	if m.gocmd, err = exec.LookPath("go"); err != nil {
		return m, &CannotBuild{"the go command, which builds the program, was not found on PATH"}
	}
	if _, err := fs.Stat(files, folder); err != nil {
		return m, err
	}
	if m.folder, err = makeFolder(temp, "program-"); err != nil {
		return m, err
	}
	defer func() {
		if err != nil {
			m.remove()
		}
	}()
	if err := os.CopyFS(m.source(), sources); err != nil {
		return m, unusable(err)
	}
	if err := os.WriteFile(filepath.Join(m.source(), "go.mod"), []byte("module program\n\ngo 1.26\n"), 0o600); err != nil {
		return m, unusable(err)
	}
	return m, nil
}

// makeFolder makes a new folder inside temp, or inside the system's folder for
// temporary files where that is "". Its path is absolute even if TMPDIR is not,
// for the go command works in another folder than this program.
func makeFolder(temp, pattern string) (folder string, err error) {
	if temp, err = filepath.Abs(cmp.Or(temp, os.TempDir())); err == nil {
		folder, err = os.MkdirTemp(temp, pattern)
	}
	if err != nil {
		return "", unusable(err)
	}
	return folder, nil
}

// unusable says that nothing can be written to the folder for temporary files.
func unusable(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err // the path is one that the reader has not chosen
	}
	return &CannotBuild{fmt.Sprintf("the temporary folder %s cannot be used (%v): set %s to a folder that can be written to and has room",
		os.TempDir(), err, temporary())}
}

// temporary is the variable that names the folder for temporary files.
func temporary() string {
	if runtime.GOOS == "windows" {
		return "TMP"
	}
	return "TMPDIR"
}

func (m module) source() string { return filepath.Join(m.folder, "source") }

func (m module) remove() { os.RemoveAll(m.folder) }

// run runs the go command on the program. Where the machine lacks what it needs,
// the error is a [*CannotBuild].
func (m module) run(ctx context.Context, cgo string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, m.gocmd, args...)
	cmd.Dir = m.source()
	cmd.Env = append(os.Environ(), "CGO_ENABLED="+cgo, "GOWORK=off", "GOFLAGS=", "GOTOOLCHAIN=local",
		"GOTMPDIR="+m.folder, temporary()+"="+m.folder) // so that nothing is left elsewhere
	cmd.Cancel = func() error {
		if cmd.Process.Signal(os.Interrupt) == nil { // it ends its compilers, and cleans up
			return nil
		}
		return cmd.Process.Kill() // Windows knows no such signal
	}
	cmd.WaitDelay = abandoned
	out, err := cmd.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil && lacks.Match(out):
		return nil, &CannotBuild{"what the build needs is missing here: " + lastLine(out)}
	case err != nil && noRoom.Match(out):
		return nil, unusable(errors.New(string(noRoom.Find(out))))
	}
	return out, err
}

// What the go command says where a C compiler, cgo, a later Go or a place for its
// cache is missing.
var lacks = regexp.MustCompile(`C compiler|requires cgo|-race (is not|is only) supported|requires go >=|build cache|GOCACHE`)

// What the system says where what is built cannot be written.
var noRoom = regexp.MustCompile(`(?i)no space left on device|not enough space on the disk|disk quota exceeded|read-only file system`)

func lastLine(text []byte) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[len(lines)-1]
}

// startable returns an error if the system does not let the program be started,
// as on a file system that is mounted noexec.
func (p *Program) startable() error {
	// Not every system tells so beforehand. Linux does.
	if _, err := exec.LookPath(p.path); errors.Is(err, fs.ErrPermission) {
		return p.notStartable()
	}
	return nil
}

func (p *Program) notStartable() error {
	return &CannotBuild{fmt.Sprintf("the temporary folder %s does not let programs run: set %s to a folder on a file system that does",
		os.TempDir(), temporary())}
}

// Remove removes the program and its sources.
func (p *Program) Remove() { os.RemoveAll(p.folder) }

// A Result is how a run of a program ended.
type Result struct {
	Output   string // to standard output and standard error
	ExitCode int    // -1 if it was killed
	TimedOut bool   // whether it was killed because its time was over

	Took time.Duration // from its start to its end
	CPU  time.Duration // user and system, in all its threads
}

// Run runs the program, and kills it when the limit is over. That it fails is
// a result, not an error; that the system does not let it start is a
// [*CannotBuild], where Build could not know.
func (p *Program) Run(ctx context.Context, limit time.Duration) (Result, error) {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(limited, p.path)
	// What the reader has set is for other programs. The race detector, by
	// default, lets a program wait for a second before it ends.
	cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0", "GODEBUG=", "GOTRACEBACK=")
	cmd.WaitDelay = abandoned
	start := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(start)
	if ctx.Err() != nil {
		return Result{}, context.Cause(ctx)
	}
	if errors.Is(err, fs.ErrPermission) {
		return Result{}, p.notStartable()
	}
	if _, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
		return Result{}, fmt.Errorf("running %s: %w", p.path, err)
	}
	ended := cmd.ProcessState
	code := ended.ExitCode()
	if runtime.GOOS == "windows" && code == 1 && limited.Err() != nil {
		code = -1 // what is killed there exits with 1
	}
	return Result{
		Output:   string(out),
		ExitCode: code,
		TimedOut: code < 0 && limited.Err() != nil,
		Took:     took,
		CPU:      ended.UserTime() + ended.SystemTime(),
	}, nil
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

// Telling returns the lines of a program's output that tell how it ended,
// without what differs from run to run. These are its own lines, the first line
// of a fatal error or a panic, and for each goroutine in the dump below it what
// it waits for, and in which function of the program: "goroutine
// [sync.Mutex.Lock]: main.move". Several of the same are counted: "2 goroutines
// [sync.Mutex.Lock]: main.move".
func Telling(output string) []string {
	var lines, goroutines []string
	times := make(map[string]int)
	dump, state := false, ""
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\r\n")
		if found := header.FindStringSubmatch(line); found != nil {
			dump, state = true, found[1]
			continue
		}
		found := frame.FindStringSubmatch(line)
		switch {
		case !dump && line != "":
			lines = append(lines, repanicked.ReplaceAllString(line, ""))
		case line == "":
			state = ""
		case found != nil && state != "":
			what := fmt.Sprintf("[%s]: %s", state, found[1])
			if times[what]++; times[what] == 1 {
				goroutines = append(goroutines, what)
			}
			state = "" // only the innermost function counts
		}
	}
	for _, what := range goroutines {
		if n := times[what]; n > 1 {
			lines = append(lines, fmt.Sprintf("%d goroutines %s", n, what))
		} else {
			lines = append(lines, "goroutine "+what)
		}
	}
	return lines
}

var (
	header     = regexp.MustCompile(`^goroutine \d+ \[([^],]+)`)        // of a goroutine in a dump, and what it waits for
	frame      = regexp.MustCompile(`^(main\..+)\([^()]*\)$`)           // a function of the program, and its arguments
	repanicked = regexp.MustCompile(` \[recovered(?:, repanicked)?\]$`) // behind a panic that WaitGroup.Go stopped and raised again
)
