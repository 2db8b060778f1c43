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
	"strings"
	"syscall"

	"concurrency-notebook/internal/python"
)

// A call is what a function of Python's takes, as python/measure_call.py measures it.
type call struct {
	Calls    int     // it was called so often
	Wall     float64 // seconds that a call takes
	CPU      float64 // and how much of it is CPU time
	Threads  int     // as many as would keep two CPUs busy
	Together float64 // seconds that a call takes in each of them at once
}

//go:embed python/measure_call.py
var measureCallProgram string

// measureCall measures a function, given as in module.py:function, in the first
// python3 that there is. What the function prints goes to standard error.
func measureCall(function string) (call, error) {
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
	var complaint strings.Builder
	cmd := exec.CommandContext(ctx, interpreter.Path, "-c", measureCallProgram, file, name, answer.Name())
	cmd.Stdout, cmd.Stderr = os.Stderr, &complaint
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
	return p
}

// released returns which part of a call's computing doesn't need the GIL, and
// whether it computes long enough to tell. If the threads hold the GIL all the
// time, they keep one CPU busy together; if they don't need it, two.
func (c call) released() (part float64, told bool) {
	if c.CPU < 100e-6 || c.CPU < c.Wall/20 {
		return 0, false
	}
	busy := float64(c.Threads) * c.CPU / c.Together
	switch part = 2 - 2/busy; { // a little is noise
	case part < 0.25:
		return 0, true
	case part > 0.75:
		return 1, true
	}
	return part, true
}

func (c call) print(w io.Writer, cpus int) {
	without := "too little to tell how much of it holds the GIL"
	if part, told := c.released(); told {
		without = fmt.Sprintf("%.0f %% of it without the GIL", 100*part)
	}
	if cpus < 2 {
		without = "on one CPU nobody can tell how much of it holds the GIL"
	}
	fmt.Fprintf(w, "%-12s %v a call, %s\n", "computed", short(inSeconds(c.CPU)), without)
	fmt.Fprintf(w, "%-12s %v, the rest of its %v\n", "waited", short(inSeconds(max(c.Wall-c.CPU, 0))), short(inSeconds(c.Wall)))
	fmt.Fprintf(w, "%-12s %s, in one thread and in %d\n\n", "calls", number(c.Calls), c.Threads)
}
