// Package again starts this very program again, as something else: a server, the
// load on it, a job that is measured by itself, a program that is to die. Each
// is a process of its own, and needs no file but that of this program.
package again

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// variable, in the environment, makes this program another one: it has the name
// of that, a space, and what that is told, as JSON. For twins, again of measure.py
// sets it.
const variable = "NOTEBOOK_AGAIN"

// leftBehind is how long the end of a program waits for what that has left
// behind, if it shares its output or standard error. A variable for the tests.
var leftBehind = time.Second

// programs has the main of each program, by its name. It takes what the program
// is told, as it comes.
var programs = make(map[string]func(told string) error)

// A Program is what this program can be in place of itself. It is told an In,
// which encoding/json can encode, in less than the 32 KiB of a variable.
type Program[In any] struct{ name string }

// Define returns the program of that name, a single word. It belongs at package
// level: so this program, when it is started again, defines the same. It panics
// if the name is taken.
//
// The program is main, and nothing else. It answers by [Say]. An error that main
// returns is written to standard error, and makes the exit status 1.
func Define[In any](name string, main func(In) error) *Program[In] {
	if programs[name] != nil {
		panic(fmt.Sprintf("again: program %q is defined twice", name))
	}
	programs[name] = func(told string) error {
		var in In
		if err := json.Unmarshal([]byte(told), &in); err != nil {
			return fmt.Errorf("again: program %q is told %s: %w", name, told, err)
		}
		return main(in)
	}
	return &Program[In]{name}
}

// Serve is the first call of main, and of TestMain in tests that start programs;
// only procpool.Serve stands before it. In a process that was started to be
// another program it is that program, and returns true when that has returned:
// then main returns too. In any other it does nothing, and returns false.
//
//	if again.Serve() {
//		return
//	}
//
// What such a program starts is not that program once more: the environment
// says it no longer.
func Serve() bool {
	name, told, ok := strings.Cut(os.Getenv(variable), " ")
	if !ok {
		return false
	}
	os.Unsetenv(variable)
	err := fmt.Errorf("again: there is no program %q: Define belongs at package level", name)
	if main := programs[name]; main != nil {
		err = main(told)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return true
}

// Say writes a value to standard output, as a line of JSON.
func Say(v any) error { return json.NewEncoder(os.Stdout).Encode(v) }

// Command returns a command that starts the program, if you want to know more of
// it than [Run] and Start tell. When ctx ends, the program is killed.
func (p *Program[In]) Command(ctx context.Context, in In) (*exec.Cmd, error) {
	if os.Getenv(variable) != "" { // and would start itself for ever
		return nil, errors.New("again: is again.Serve the first call of main, and of TestMain?")
	}
	path, pathErr := os.Executable()
	told, toldErr := json.Marshal(in)
	if err := cmp.Or(pathErr, toldErr); err != nil {
		return nil, fmt.Errorf("again: start program %q: %w", p.name, err)
	}
	cmd := exec.CommandContext(ctx, path)
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %s", variable, p.name, told))
	cmd.WaitDelay = leftBehind
	return cmd, nil
}

// Run runs a program to its end, and returns the one thing that it says. Errors
// are those of [Child.Stop].
func Run[Out, In any](ctx context.Context, p *Program[In], in In) (out Out, err error) {
	c, err := p.Start(ctx, in, &out)
	if err == nil {
		err = c.Stop()
	}
	return out, err
}

// A Child is a program that runs until its standard input ends. One goroutine at
// a time uses it, and calls Stop in the end. If a child has closed its standard
// output, to wait for what it says is to wait for its end.
type Child struct {
	name string
	in   io.Writer
	out  *json.Decoder
	kill context.CancelCauseFunc
	stop func() error
}

// Start starts a program that runs on, and waits until it says something, which
// goes to first. If there is an error, one of [Child.Stop], the program has
// ended. When ctx ends, the child is killed; Stop, which waits for that, is to be
// called all the same.
func (p *Program[In]) Start(ctx context.Context, in In, first any) (*Child, error) {
	ctx, kill := context.WithCancelCause(ctx)
	cmd, err := p.Command(ctx, in)
	if err != nil {
		kill(nil)
		return nil, err
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdin, inErr := cmd.StdinPipe()
	stdout, outErr := cmd.StdoutPipe()
	if err = cmp.Or(inErr, outErr); err == nil {
		err = cmd.Start()
	}
	c := &Child{name: p.name, in: stdin, out: json.NewDecoder(stdout), kill: kill}
	c.stop = sync.OnceValue(func() error {
		defer kill(nil)
		if err == nil {
			if ctx.Err() == nil { // or it's being killed, and must not end well before
				stdin.Close()
			}
			err = cmd.Wait()
		}
		if errors.Is(err, exec.ErrWaitDelay) {
			err = nil // it has ended well, and what it left behind still has its standard error
		}
		return c.failure(ctx, err, stderr.Bytes())
	})
	if err != nil {
		return nil, c.Stop()
	}
	// What the child has left behind may have its standard output, too.
	context.AfterFunc(ctx, func() { stdout.Close() })
	return c, c.hear(first)
}

// failure is the error of a child that has ended with err, if that is one.
func (c *Child) failure(ctx context.Context, err error, stderr []byte) error {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		exit.Stderr = stderr
	}
	said, _, _ := strings.Cut(strings.TrimSpace(string(stderr)), "\n")
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err == nil:
		return nil
	case said == "":
		return fmt.Errorf("%s: %w", c.name, err)
	default:
		return fmt.Errorf("%s: %w: %s", c.name, err, said)
	}
}

// Ask gives the child a line, an empty one, and waits until it says something,
// which goes to v. If there is an error, one of Stop, the child has ended.
func (c *Child) Ask(v any) error {
	io.WriteString(c.in, "\n") // if this fails, hear tells why
	return c.hear(v)
}

// hear waits until the child says something, and stops it if that never comes.
func (c *Child) hear(v any) error {
	err := c.out.Decode(v)
	if err == nil {
		return nil
	}
	failed := fmt.Errorf("%s: no answer: %w", c.name, err)
	if err != io.EOF {
		c.kill(failed) // it says what nobody understands
	}
	return cmp.Or(c.Stop(), failed)
}

// Stop ends the child's standard input, and waits until the child has ended. It
// returns nil if the exit status is 0. If not, the error has the status, as an
// [exec.ExitError] with what the child wrote to standard error, and shows the
// first line of that: "server: exit status 1: too many open files". When ctx has
// ended, the error is its cause. To call Stop again changes nothing.
func (c *Child) Stop() error { return c.stop() }
