// Package python finds CPython on the reader's machine and runs a chapter's
// twin with it: the same experiments, measured on Python's side.
package python

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

// An Interpreter is a Python that can run a twin.
type Interpreter struct {
	Path           string // the executable itself, not a shim that finds it
	Implementation string // as in CPython or PyPy
	Version        string // as in 3.11.7
	GIL            bool   // whether it runs with its global interpreter lock
	Optimized      bool   // whether it was built to be fast; true if that cannot be told
}

// String returns what ran, as in "CPython 3.11.7 (GIL)" or "CPython 3.13.0 (no
// GIL, built without optimizations)".
func (i *Interpreter) String() string {
	gil := "no GIL"
	if i.GIL {
		gil = "GIL"
	}
	if !i.Optimized {
		gil += ", built without optimizations"
	}
	return fmt.Sprintf("%s %s (%s)", i.Implementation, i.Version, gil)
}

const findLimit = 5 * time.Second

// Find starts the interpreter at path once and returns what it says of itself.
// If path is "", Find takes the first that runs of python3 and python (and py,
// on Windows) on PATH. A path without a separator is looked up on PATH too.
//
// The error tells in one line why there is nothing to compare with: the
// interpreter was not found, does not run, gives no answer, or is older than 3.8.
// Where path is not "", the reader asked for that interpreter: the caller should
// refuse to go on without it. If ctx ends, the error is its cause.
//
// Find takes no longer than 5 s.
func Find(ctx context.Context, path string) (*Interpreter, error) {
	return find(ctx, path, findLimit-abandoned)
}

func find(ctx context.Context, path string, limit time.Duration) (*Interpreter, error) {
	candidates := []string{"python3", "python"}
	if runtime.GOOS == "windows" {
		candidates = append(candidates, "py")
	}
	if path != "" {
		candidates = []string{path}
	}
	limited, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("gave no answer within %v s", limit.Seconds()))
	defer cancel()
	var failed error // of the first that was found
	for _, name := range candidates {
		i, err := probe(limited, name)
		if err == nil {
			return i, nil
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if failed == nil && !errors.Is(err, exec.ErrNotFound) {
			failed = err
		}
	}
	if failed == nil {
		failed = fmt.Errorf("%s was not found on PATH", candidates[0])
	}
	return nil, failed
}

// Others returns the other interpreters on PATH: those that are called python3.N
// or python3.Nt there and run, the newest first, without those that are like the
// ones given.
func Others(ctx context.Context, than ...*Interpreter) []*Interpreter {
	names := make(map[string]bool)
	for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
		entries, _ := os.ReadDir(folder) // what can't be read has none
		for _, entry := range entries {
			if name := strings.TrimSuffix(entry.Name(), ".exe"); numbered.MatchString(name) {
				names[name] = true
			}
		}
	}
	var found []*Interpreter
	for name := range names {
		i, err := Find(ctx, name)
		if err == nil && !slices.ContainsFunc(slices.Concat(than, found), i.alike) {
			found = append(found, i)
		}
	}
	slices.SortFunc(found, func(a, b *Interpreter) int {
		return cmp.Or(slices.Compare(numbers(b.Version), numbers(a.Version)), strings.Compare(a.String(), b.String()))
	})
	return found
}

var numbered = regexp.MustCompile(`^python3\.\d+t?$`)

// alike tells whether two interpreters would measure the same.
func (i *Interpreter) alike(other *Interpreter) bool { return i.String() == other.String() }

// self runs on every Python since 2.7: one that is too old must tell so. The
// working directory, "" on sys.path, may have a module that is named like one of
// these. How a Python was built is not known on Windows, and wrongly known of
// those in /usr: Debian, for one, optimizes them in a way of its own.
const self = `
import sys
sys.path[:] = [folder for folder in sys.path if folder]
import json, platform, sysconfig
built = sysconfig.get_config_var("CONFIG_ARGS")
print("\n" + sys.argv[1] + json.dumps({
    "path": sys.executable,
    "implementation": platform.python_implementation(),
    "version": platform.python_version(),
    "supported": sys.version_info >= (3, 8),
    "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
    "optimized": built is None or "--enable-optimizations" in built or getattr(sys, "base_prefix", sys.prefix) == "/usr",
}))
`

// answers begins the line with the answer: a sitecustomize may print others.
const answers = "concurrency-notebook: "

func probe(ctx context.Context, name string) (*Interpreter, error) {
	path, err := exec.LookPath(name)
	if errors.Is(err, exec.ErrNotFound) && name != filepath.Base(name) {
		err = fs.ErrNotExist // a path, which Windows too says is not on PATH
	}
	if err != nil {
		return nil, fmt.Errorf("cannot run %s: %w", name, reason(err))
	}
	cmd := command(ctx, path, "-c", self, answers)
	cmd.Env = environ()
	var stdout, stderr tail
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = run(cmd)
	if err != nil && ctx.Err() != nil {
		return nil, fmt.Errorf("%s %w", path, context.Cause(ctx))
	}
	if err != nil {
		if line := cmp.Or(stderr.telling(), stderr.firstLine()); line != "" {
			err = errors.New(line)
		}
		return nil, fmt.Errorf("cannot run %s: %w", path, reason(err))
	}
	var answer struct {
		Path, Implementation, Version string
		Supported, GIL, Optimized     bool
	}
	_, text, _ := bytes.Cut(stdout, []byte(answers))
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&answer); err != nil || answer.Version == "" {
		return nil, fmt.Errorf("%s is no Python: asked for its version, it printed %s", path, quote(stdout))
	}
	if !answer.Supported {
		return nil, fmt.Errorf("%s is Python %s; the comparison needs 3.8 or later", path, answer.Version)
	}
	if answer.Path == "" { // Python could not tell
		answer.Path = path
	}
	// The twin runs in another folder.
	answer.Path, err = filepath.Abs(answer.Path)
	if err != nil {
		return nil, fmt.Errorf("locating %s: %w", path, err)
	}
	return &Interpreter{answer.Path, answer.Implementation, answer.Version, answer.GIL, answer.Optimized}, nil
}

// reason takes away what the error says of the file, which the message that it
// becomes part of has said.
func reason(err error) error {
	if e, ok := errors.AsType[*exec.Error](err); ok {
		err = e.Err
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return err
}

// environ returns this program's environment for a Python, without the reader's
// own modules, which may hide the library's.
func environ() []string {
	env := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "PYTHONPATH=")
	})
	return append(env, "PYTHONIOENCODING=utf-8")
}

// abandoned is how long the end of a process's output may be waited for when
// the process itself has ended, and children of it still hold its output.
const abandoned = time.Second

// command returns a command that is the leader of a process group of its own,
// which the end of ctx kills.
func command(ctx context.Context, path string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, path, args...)
	ownGroup(cmd)
	cmd.Cancel = func() error {
		killGroup(cmd.Process)
		return nil
	}
	cmd.WaitDelay = abandoned
	return cmd
}

// run runs a command and kills what is left of its group after.
func run(cmd *exec.Cmd) error {
	err := cmd.Run()
	if cmd.Process != nil {
		killGroup(cmd.Process)
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		return nil // only children of it were late
	}
	return err
}

// A tail keeps the end of what is written to it.
type tail []byte

const tailSize = 16 << 10

func (t *tail) Write(p []byte) (int, error) {
	*t = append(*t, p...)
	*t = (*t)[max(0, len(*t)-tailSize):]
	return len(p), nil
}

// firstLine returns the first line that has more to it than space.
func (t tail) firstLine() string {
	line, _, _ := bytes.Cut(bytes.TrimSpace(t), []byte("\n"))
	return string(bytes.TrimSpace(line))
}

// lastLine returns the last line that has more to it than space.
func (t tail) lastLine() string {
	text := bytes.TrimSpace(t)
	return string(bytes.TrimSpace(text[bytes.LastIndexByte(text, '\n')+1:]))
}

// margin is what stands before the lines of an exception group.
var margin = regexp.MustCompile(`^ *[|+] ?`)

// telling returns the line by which Python says why it ended, or "" if there is
// none: "Fatal Python error: ...", or the exception after a traceback, be it of a
// group. Of several it is the last, but for those that Python ignored.
func (t tail) telling() string {
	told := ""
	traceback, group, ignored := false, false, false
	for line := range strings.Lines(string(t)) {
		line = strings.TrimRight(line, "\r\n")
		group = group || strings.Contains(line, "Exception Group Traceback (")
		if group {
			line = margin.ReplaceAllString(line, "")
		}
		switch {
		case strings.HasPrefix(line, "Fatal Python error: "):
			told = line
		case strings.HasPrefix(line, "Exception ignored "):
			ignored = true
		case strings.HasSuffix(line, "Traceback (most recent call last):"):
			traceback = true
		case strings.HasPrefix(line, `  File "`) && told == "": // a SyntaxError has no more
			traceback = true
		case traceback && line != "" && line[0] != ' ':
			if !ignored {
				told = line
			}
			traceback, ignored = false, false
		}
	}
	return told
}

// quote returns the first 60 characters of the text, in quotation marks.
func quote(text []byte) string {
	runes := []rune(string(bytes.TrimSpace(text)))
	if len(runes) > 60 {
		return fmt.Sprintf("%q...", string(runes[:60]))
	}
	return fmt.Sprintf("%q", string(runes))
}
