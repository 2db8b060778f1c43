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
	"io/fs"
	"os"
	"os/exec"
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
	Section string // as on the command line: "cpu-bound" calls cpu_bound

	// Files has, at its top, twin.py and the *.py that it may import. They hide
	// modules of Python's library that have the same name, such as queue.py.
	Files fs.FS

	Rounds int            // 0: 9
	Args   map[string]any // what the function is called with, by keyword; passed as JSON

	// Limit is how long Start, each Round and Finish may take. 0: 20 s.
	Limit time.Duration

	// Progress, unless nil, is called with the number of rounds done, one call
	// at a time, before Run, or that Round, returns.
	Progress func(done int)
}

// modules are what twins import.
//
//go:embed measure.py workload.py
var modules embed.FS

// Run runs the section to its end, by Start and Finish, and returns the samples
// that it reported. It starts the interpreter in a temporary folder, which it removes, and in a
// process group of its own, which it kills: no process of the twin is left when
// Run returns. Windows has no such groups; there, workers that the twin started
// may be left.
//
// Should this program be killed, then the twin ends itself, and its group: Run
// holds the other end of its standard input.
//
// The error names the chapter and the section. It is Python's if the section
// raised one: "twin of 03-processes, section cpu-bound: ZeroDivisionError:
// division by zero". It tells if the section has no result within the limit,
// and if it prints what is not a result; what is printed before the section
// starts and after it ends, by a sitecustomize for instance, does not count. If
// ctx ends, the error is its cause.
func (i *Interpreter) Run(ctx context.Context, twin Twin) (measure.Samples, error) {
	r, err := i.Start(ctx, twin)
	if err != nil {
		return measure.Samples{}, err
	}
	return r.Finish()
}

// A Running is a section that makes a round when it is told to. Its methods may
// not be called at the same time.
type Running struct {
	twin   Twin
	ctx    context.Context // the caller's
	stop   context.CancelCauseFunc
	orders io.Writer     // the twin's standard input
	turns  chan struct{} // receives when the twin waits for its turn
	made   int           // rounds

	ended   chan struct{} // closed when nothing of the twin is left
	samples measure.Samples
	err     error
}

// Start starts the section and returns when it waits to make its first round,
// or has ended, if it makes none. What holds for Run holds here too: errors, ctx,
// which is that of all the rounds, and what is left, once Finish or Stop returns.
// One of them must be called.
func (i *Interpreter) Start(ctx context.Context, twin Twin) (*Running, error) {
	r, err := i.start(ctx, twin)
	if err != nil {
		return nil, err
	}
	if !r.await(r.turns) && r.err != nil {
		return nil, r.err
	}
	return r, nil
}

// Orders to a twin that waits for its turn: measure.py reads them.
const (
	makeRound = "r"
	runFree   = "f"
)

// Round lets the twin make one more round and returns when it has made it and
// waits again: it does nothing until the next call. It is an error to ask for
// more rounds than the section makes.
func (r *Running) Round() error {
	if r.made == r.twin.Rounds {
		return r.failure(fmt.Errorf("asked for one round more than the %d that it was started for", r.made))
	}
	r.order(makeRound)
	if r.await(r.turns) {
		r.made++
		return nil
	}
	if r.err != nil {
		return r.err
	}
	return r.failure(fmt.Errorf("asked for round %d, it ended without making it", r.made+1))
}

// Finish lets the section run to its end, with the rounds that are left, and
// returns all its samples.
func (r *Running) Finish() (measure.Samples, error) {
	r.order(runFree)
	r.await(nil)
	return r.samples, r.err
}

// Stop ends the section, wherever it is, and waits until nothing of it is left.
// After Finish it does nothing.
func (r *Running) Stop() {
	r.stop(errors.New("stopped"))
	<-r.ended
}

func (r *Running) order(what string) {
	_, _ = io.WriteString(r.orders, what) // fails if the twin has ended, which await tells
}

// await waits until the twin's turn comes, and returns true, or until it has
// ended. If that takes longer than the limit, await ends it.
func (r *Running) await(turn <-chan struct{}) bool {
	limit := time.AfterFunc(r.twin.Limit, func() {
		r.stop(fmt.Errorf("no result within %v s, stopped", r.twin.Limit.Seconds()))
	})
	defer limit.Stop()
	select {
	case <-turn:
		return true
	case <-r.ended:
		return false
	}
}

// failure returns the error as the caller should see it.
func (r *Running) failure(err error) error {
	switch {
	case err == nil:
		return nil
	case r.ctx.Err() != nil:
		return context.Cause(r.ctx)
	default:
		return fmt.Errorf("twin of %s, section %s: %w", r.twin.Name, r.twin.Section, err)
	}
}

func (i *Interpreter) start(ctx context.Context, twin Twin) (*Running, error) {
	twin.Rounds = cmp.Or(twin.Rounds, 9)
	twin.Limit = cmp.Or(twin.Limit, 20*time.Second)
	r := &Running{twin: twin, ctx: ctx, turns: make(chan struct{}, 1), ended: make(chan struct{})}

	args, err := json.Marshal(twin.Args)
	if err != nil {
		return nil, r.failure(fmt.Errorf("encoding the arguments: %w", err))
	}
	folder, err := unpack(twin.Files, modules)
	if err != nil {
		return nil, r.failure(err)
	}
	ctx, r.stop = context.WithCancelCause(ctx)
	cmd := command(ctx, i.Path, "-B", "twin.py", twin.Section, strconv.Itoa(twin.Rounds), string(args))
	stayIn(cmd, folder)
	cmd.Env = append(cmd.Env, "TWIN_LIFELINE=1")
	r.orders, err = cmd.StdinPipe() // also the lifeline, open until the twin has ended
	if err != nil {
		r.stop(nil)
		return nil, r.failure(errors.Join(err, os.RemoveAll(folder)))
	}
	go func() {
		defer close(r.ended)
		defer r.stop(nil)
		defer os.RemoveAll(folder)
		samples, err := r.run(ctx, cmd)
		if err == nil {
			r.samples = samples
		}
		r.err = r.failure(err)
	}()
	return r, nil
}

// run runs the twin and reads its results, to the end.
func (r *Running) run(ctx context.Context, cmd *exec.Cmd) (measure.Samples, error) {
	lines, stdout := io.Pipe()
	var stderr tail
	cmd.Stdout, cmd.Stderr = stdout, &stderr

	var samples measure.Samples
	var unreadable error
	var reader sync.WaitGroup
	reader.Go(func() {
		samples, unreadable = readResults(lines, r.twin.Progress, r.waits)
		if unreadable != nil {
			r.stop(unreadable)
			lines.CloseWithError(unreadable)
		}
	})
	err := run(cmd)
	stopped := context.Cause(ctx)
	stdout.Close()
	reader.Wait()
	switch line := cmp.Or(stderr.telling(), stderr.lastLine()); {
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

// waits notes that the twin waits for its turn. It never blocks: a twin that
// says so twice is told once.
func (r *Running) waits() {
	select {
	case r.turns <- struct{}{}:
	default:
	}
}

// unpack writes the *.py at the top of each of the trees into a temporary
// folder. They are real files: multiprocessing cannot spawn what came by
// standard input.
func unpack(trees ...fs.FS) (folder string, err error) {
	folder, err = os.MkdirTemp("", "twin-")
	if err != nil {
		return "", err
	}
	for _, tree := range trees {
		names, _ := fs.Glob(tree, "*.py") // fails only if the pattern is wrong
		for _, name := range names {
			text, err := fs.ReadFile(tree, name)
			if err = cmp.Or(err, os.WriteFile(filepath.Join(folder, name), text, 0o600)); err != nil {
				return "", errors.Join(err, os.RemoveAll(folder))
			}
		}
	}
	return folder, nil
}

// stayIn makes the folder the command's own: it runs there, finds its modules
// there, and puts there what it would put into the system's temporary folder. So
// nothing is left of it even if it is killed.
func stayIn(cmd *exec.Cmd, folder string) {
	cmd.Dir = folder
	cmd.Env = append(environ(), "PYTHONPATH="+folder, "TMPDIR="+folder, "TEMP="+folder, "TMP="+folder)
}

const (
	maxLine    = 1 << 20 // bytes of a line
	maxResults = 8 << 20 // bytes of all of them
)

// readResults reads what a twin prints, to the end. What a section prints and
// is none of measure.py's lines is an error, and so is the lack of the last one.
// What comes before the section starts, or after it ends, is not looked at.
func readResults(r io.Reader, progress func(done int), waits func()) (measure.Samples, error) {
	var samples measure.Samples
	limited := &io.LimitedReader{R: r, N: maxResults}
	lines := bufio.NewScanner(limited)
	lines.Buffer(nil, maxLine)
	started, ended, done := false, false, false
	for !ended && lines.Scan() && limited.N > 0 {
		var line struct {
			Started bool
			Name    string
			Values  []*float64 // a pointer, since null is no number
			Round   int
			Waiting bool
			Done    bool
			Failed  bool
		}
		err := json.Unmarshal(lines.Bytes(), &line)
		if !started {
			started = err == nil && line.Started
			continue
		}
		named, counted := line.Name != "" && len(line.Values) > 0, line.Round > 0
		ended, done = line.Done || line.Failed, line.Done
		if err != nil || slices.Contains(line.Values, nil) || !named && !counted && !line.Waiting && !ended {
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
		if line.Waiting && waits != nil {
			waits()
		}
	}
	if ended {
		_, err := io.Copy(io.Discard, r) // or else the twin may have to wait to print it
		if err != nil {
			return samples, fmt.Errorf("reading to its end: %w", err)
		}
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
