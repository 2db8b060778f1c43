package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"concurrency-notebook/internal/measure"
	"concurrency-notebook/internal/python"
)

// A call is what a function of Python's takes, as python/measure_call.py measures it.
type call struct {
	Coroutine bool
	Calls     int     // it was called so often
	Wall      float64 // seconds that a call takes
	CPU       float64 // and how much of it is CPU time
	AtOnce    int     `json:"at_once"` // in as many threads as would keep two CPUs busy, or so many in one loop
	Busy      float64 // CPUs that the threads kept busy
	Free      float64 // CPUs that two threads got that don't need the GIL
}

//go:embed python/measure_call.py
var measureCallProgram string

// measureCall measures a function, given as in module.py:function, in the first
// python3 that there is, after a warning. What the function prints is for nobody:
// it's called often.
func measureCall(function string, warnings io.Writer) (call, error) {
	colon := strings.LastIndex(function, ":") // a path may have one, too
	if colon < 1 || colon == len(function)-1 {
		return call{}, fmt.Errorf("-call %s: give a file and a function in it, as in -call tasks.py:resize", function)
	}
	file, name := function[:colon], function[colon+1:]
	if _, err := os.Stat(file); err != nil {
		return call{}, fmt.Errorf("-call %s: %w", function, err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	interpreter, err := python.Find(ctx, "")
	if err != nil {
		return call{}, fmt.Errorf("-call needs a Python: %w", err)
	}
	answer, err := os.CreateTemp("", "advise-call-")
	if err != nil {
		return call{}, err
	}
	defer os.Remove(answer.Name())
	defer answer.Close()
	fmt.Fprintf(warnings, "advise: %s is called up to 1,000 times now, up to 40 at once, with all its side effects\n", name)
	var complaint strings.Builder
	cmd := exec.CommandContext(ctx, interpreter.Path, "-c", measureCallProgram, file, name, answer.Name())
	cmd.Stderr = &complaint
	cmd.WaitDelay = patience
	if err := cmd.Run(); err != nil {
		return call{}, fmt.Errorf("%s cannot be measured: %s", function, lastLine(complaint.String(), err))
	}
	text, err := io.ReadAll(answer)
	if err != nil {
		return call{}, err
	}
	var c call
	if err := json.Unmarshal(text, &c); err != nil {
		return call{}, fmt.Errorf("%s ended Python before it was measured", function)
	}
	return c, nil
}

// lastLine returns the last line of a traceback, or the error.
func lastLine(text string, err error) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if last := lines[len(lines)-1]; last != "" {
		return last
	}
	return err.Error()
}

// of returns the profile of a call.
func (c call) of(p Profile) Profile {
	p.CPU = inSeconds(c.CPU)
	p.Wait = inSeconds(max(c.Wall-c.CPU, 0))
	p.Released, _ = c.released()
	p.Coroutine = c.Coroutine
	return p
}

// disturbed tells whether something else ran meanwhile, or there is only one CPU.
func (c call) disturbed() bool { return c.Free < 1.7 }

// hardlyComputes tells whether it's too little to find out about the GIL.
func (c call) hardlyComputes() bool { return c.CPU < 100e-6 || c.CPU < c.Wall/20 }

// released returns which part of a call's computing doesn't need the GIL, and
// whether it computes long enough to tell. If the threads hold the GIL all the
// time, they keep one CPU busy together; if they don't need it, two. Other programs
// make it less, never more.
func (c call) released() (part float64, told bool) {
	if c.Coroutine || c.hardlyComputes() {
		return 0, false
	}
	switch part = 2 - 2/max(c.Busy, 1); { // a little is noise
	case part > 0.75:
		return 1, true
	case c.disturbed():
		return 0, false
	case part < 0.25:
		return 0, true
	}
	return part, true
}

// uncertain returns what may be right for Python, if a busy machine hid which
// of it is.
func (c call) uncertain(p Profile) string {
	if p.CPUs < 2 || !c.disturbed() {
		return ""
	}
	p = c.of(p)
	likely := []Profile{p}
	if _, told := c.released(); !told && !c.Coroutine && !c.hardlyComputes() {
		o := p
		o.Released = 1
		likely = append(likely, o)
	}
	for _, o := range likely { // what it waited for may have been a CPU
		o.Wait = max(0, o.Wait-inSeconds(c.CPU*(2/max(c.Free, 0.1)-1)))
		likely = append(likely, o)
	}
	var models []string
	for _, o := range likely {
		if model := Choose(o).inPython(); !slices.Contains(models, model) {
			models = append(models, model)
		}
	}
	if len(models) == 1 {
		return ""
	}
	return strings.Join(models, " or ") + "; measure again"
}

func (c call) print(w io.Writer, cpus int) {
	without, how := "too little to tell how much of it holds the GIL", "in one thread and in"
	switch part, told := c.released(); {
	case c.Coroutine:
		without, how = "as one of many in a loop", "one after another and, in one loop,"
	case cpus < 2:
		without = "on one CPU nobody can tell how much of it holds the GIL"
	case told:
		without = fmt.Sprintf("%.0f %% of it without the GIL", 100*part)
	case c.disturbed() && !c.hardlyComputes():
		without = "can't tell how much of it holds the GIL"
	}
	fmt.Fprintf(w, "%-12s %v a call, %s\n", "computed", short(inSeconds(c.CPU)), without)
	orLess := ""
	if c.disturbed() && cpus > 1 {
		orLess = " or less, perhaps in part for a CPU"
	}
	fmt.Fprintf(w, "%-12s %v%s, the rest of its %v\n", "waited", short(inSeconds(max(c.Wall-c.CPU, 0))), orLess, short(inSeconds(c.Wall)))
	fmt.Fprintf(w, "%-12s %s, %s %d at once\n", "calls", number(c.Calls), how, c.AtOnce)
	if c.disturbed() && cpus > 1 {
		fmt.Fprintf(w, "%-12s the machine is busy, only %s of 2 CPUs were free: measure again\n", "but", measure.Number(c.Free))
	}
	fmt.Fprintln(w)
}
