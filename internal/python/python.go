// Package python finds CPython on the reader's machine and runs a chapter's
// twin with it: the same experiments, measured on Python's side.
package python

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// An Interpreter is a Python that can run a twin.
type Interpreter struct {
	Path           string // the executable itself, not a shim that finds it
	Implementation string // as in CPython or PyPy
	Version        string // as in 3.11.7
	GIL            bool   // whether it runs with its global interpreter lock
}

// String returns what ran, as in "CPython 3.11.7 (GIL)" or "CPython 3.13.0 (no
// GIL)".
func (i *Interpreter) String() string {
	gil := "no GIL"
	if i.GIL {
		gil = "GIL"
	}
	return fmt.Sprintf("%s %s (%s)", i.Implementation, i.Version, gil)
}

const probeLimit = 10 * time.Second

// Find starts the interpreter at path once and returns what it says of itself.
// If path is "", Find takes the first that runs of python3 and python (and py,
// on Windows) on PATH. A path without a separator is looked up on PATH too.
//
// The error tells in one line why there is nothing to compare with: the
// interpreter was not found, does not run, does not answer within 10 s, or is
// older than 3.8. If ctx ends, the error is its cause.
func Find(ctx context.Context, path string) (*Interpreter, error) {
	candidates := []string{"python3", "python"}
	if runtime.GOOS == "windows" {
		candidates = append(candidates, "py")
	}
	if path != "" {
		candidates = []string{path}
	}
	var failed error // of the first that was found
	for _, name := range candidates {
		i, err := probe(ctx, name, probeLimit)
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

// self runs on every Python since 2.6: one that is too old must tell so.
const self = `
import json, platform, sys
print(json.dumps({
    "path": sys.executable,
    "implementation": platform.python_implementation(),
    "version": platform.python_version(),
    "supported": sys.version_info >= (3, 8),
    "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
}))
`

func probe(ctx context.Context, name string, limit time.Duration) (*Interpreter, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, fmt.Errorf("cannot run %s: %w", name, reason(err))
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := command(ctx, path, "-c", self)
	var stdout, stderr tail
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = run(cmd)
	if err != nil && ctx.Err() != nil {
		return nil, fmt.Errorf("%s gave no answer within %v s", path, limit.Seconds())
	}
	if err != nil {
		if line := stderr.lastLine(); line != "" {
			err = errors.New(line)
		}
		return nil, fmt.Errorf("cannot run %s: %w", path, reason(err))
	}
	var answer struct {
		Path, Implementation, Version string
		Supported, GIL                bool
	}
	if err := json.Unmarshal(stdout, &answer); err != nil || answer.Version == "" {
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
	return &Interpreter{answer.Path, answer.Implementation, answer.Version, answer.GIL}, nil
}

// reason takes away what the error says of the file, which the message that it
// becomes part of has said.
func reason(err error) error {
	var e *exec.Error
	if errors.As(err, &e) {
		err = e.Err
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return err
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

// lastLine returns the last line that has more to it than space: of a Python
// traceback, the one that names the exception.
func (t tail) lastLine() string {
	text := bytes.TrimSpace(t)
	return string(bytes.TrimSpace(text[bytes.LastIndexByte(text, '\n')+1:]))
}

// quote returns the first 60 characters of the text, in quotation marks.
func quote(text []byte) string {
	runes := []rune(string(bytes.TrimSpace(text)))
	if len(runes) > 60 {
		return fmt.Sprintf("%q...", string(runes[:60]))
	}
	return fmt.Sprintf("%q", string(runes))
}
