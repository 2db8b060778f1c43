package python

import (
	"bufio"
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"concurrency-notebook/internal/measure"
)

// A Twin is one section of a chapter's twin.py, to be run.
type Twin struct {
	Name    string // the chapter, for messages: "03-processes"
	Source  string // the text of twin.py
	Section string // as on the command line: "cpu-bound" calls cpu_bound

	Rounds int            // 0: 9
	Args   map[string]any // what the function is called with, by keyword; passed as JSON
	Limit  time.Duration  // 0: 20 s

	// Progress, unless nil, is called with the number of rounds done, one call
	// at a time, before Run returns.
	Progress func(done int)
}

// modules are what twins import.
//
//go:embed measure.py workload.py
var modules embed.FS

// Run runs the section and returns the samples that it reported. It starts the
// interpreter in a temporary folder, which it removes, and in a process group
// of its own, which it kills: no process of the twin is left when Run returns.
// Windows has no such groups; there, workers that the twin started may be left.
//
// Should this program be killed, then the twin ends itself, and its group: Run
// holds the other end of its standard input.
//
// The error names the chapter and the section. It is Python's if the section
// raised one: "twin of 03-processes, section cpu-bound: ZeroDivisionError:
// division by zero". It tells if the section has no result within the limit,
// and if it prints what is not a result. If ctx ends, the error is its cause.
func (i *Interpreter) Run(ctx context.Context, twin Twin) (measure.Samples, error) {
	samples, err := i.run(ctx, twin)
	switch {
	case err == nil:
		return samples, nil
	case ctx.Err() != nil:
		return measure.Samples{}, context.Cause(ctx)
	default:
		return measure.Samples{}, fmt.Errorf("twin of %s, section %s: %w", twin.Name, twin.Section, err)
	}
}

func (i *Interpreter) run(ctx context.Context, twin Twin) (measure.Samples, error) {
	args, err := json.Marshal(twin.Args)
	if err != nil {
		return measure.Samples{}, fmt.Errorf("encoding the arguments: %w", err)
	}
	folder, err := os.MkdirTemp("", "twin-")
	if err != nil {
		return measure.Samples{}, err
	}
	defer os.RemoveAll(folder)
	// Real files: multiprocessing cannot spawn what came by standard input.
	if err := os.CopyFS(folder, modules); err != nil {
		return measure.Samples{}, err
	}
	if err := os.WriteFile(filepath.Join(folder, "twin.py"), []byte(twin.Source), 0o600); err != nil {
		return measure.Samples{}, err
	}

	limit := cmp.Or(twin.Limit, 20*time.Second)
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("no result within %v s, stopped", limit.Seconds()))
	defer cancel()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)

	cmd := command(ctx, i.Path, "-B", "twin.py", twin.Section, strconv.Itoa(cmp.Or(twin.Rounds, 9)), string(args))
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "PYTHONPATH="+folder, "PYTHONIOENCODING=utf-8", "TWIN_LIFELINE=1")
	if _, err := cmd.StdinPipe(); err != nil { // the lifeline, open until the twin has ended
		return measure.Samples{}, err
	}
	lines, stdout := io.Pipe()
	var stderr tail
	cmd.Stdout, cmd.Stderr = stdout, &stderr

	var samples measure.Samples
	var unreadable error
	var reader sync.WaitGroup
	reader.Go(func() {
		samples, unreadable = readResults(lines, twin.Progress)
		if unreadable != nil {
			stop(unreadable)
			lines.CloseWithError(unreadable)
		}
	})
	err = run(cmd)
	stopped := context.Cause(ctx)
	stdout.Close()
	reader.Wait()
	switch line := stderr.lastLine(); {
	case err == nil:
		return samples, unreadable
	case stopped != nil:
		return samples, stopped
	case line != "":
		return samples, errors.New(line)
	default:
		return samples, err
	}
}

const (
	maxLine    = 1 << 20 // bytes of a line
	maxResults = 8 << 20 // bytes of all of them
)

// readResults reads what a section prints, to the end. What is none of
// measure.py's lines is an error, and so is the lack of the last one.
func readResults(r io.Reader, progress func(done int)) (measure.Samples, error) {
	var samples measure.Samples
	limited := &io.LimitedReader{R: r, N: maxResults}
	lines := bufio.NewScanner(limited)
	lines.Buffer(nil, maxLine)
	done := false
	for lines.Scan() && limited.N > 0 {
		var line struct {
			Name   string
			Values []*float64 // a pointer, since null is no number
			Round  int
			Done   bool
		}
		err := json.Unmarshal(lines.Bytes(), &line)
		named, counted := line.Name != "" && len(line.Values) > 0, line.Round > 0
		if err != nil || slices.Contains(line.Values, nil) || !named && !counted && !line.Done {
			return samples, fmt.Errorf("it printed %s, which is not a result", quote(lines.Bytes()))
		}
		if named {
			for _, value := range line.Values {
				samples.Add(line.Name, *value)
			}
		}
		if counted && progress != nil {
			progress(line.Round)
		}
		done = done || line.Done
	}
	switch err := lines.Err(); {
	case limited.N == 0:
		return samples, fmt.Errorf("it printed more than %d MiB of results", maxResults>>20)
	case errors.Is(err, bufio.ErrTooLong):
		return samples, fmt.Errorf("it printed a line of more than %d MiB", maxLine>>20)
	case err != nil:
		return samples, fmt.Errorf("reading its results: %w", err)
	case !done:
		return samples, errors.New("it ended before the section did: twin.py must call main at its end")
	}
	return samples, nil
}
