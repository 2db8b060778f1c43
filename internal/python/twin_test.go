package python

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
)

var testFiles = os.DirFS("testdata")

// emptyTemp makes a temporary folder the one for all, and returns a function
// that checks that nothing is left in it.
func emptyTemp(t *testing.T) (check func()) {
	t.Helper()
	temp := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, temp)
	}
	return func() {
		t.Helper()
		left, err := os.ReadDir(temp)
		require.NoError(t, err)
		require.Empty(t, left)
	}
}

// runSection runs a section of the tests' twin and checks that its folder is
// removed.
func runSection(t *testing.T, ctx context.Context, twin Twin) (measure.Samples, error) {
	t.Helper()
	i := realPython(t)
	check := emptyTemp(t)
	twin.Name, twin.Files = "01-tests", testFiles
	samples, err := i.Run(ctx, twin)
	check()
	return samples, err
}

func TestRun(t *testing.T) {
	var done []int
	samples, err := runSection(t, t.Context(), Twin{
		Section:  "results",
		Rounds:   3,
		Args:     map[string]any{"step": 10},
		Progress: func(n int) { done = append(done, n) },
	})
	require.NoError(t, err)
	require.Equal(t, measure.Estimate{Median: 20, Low: 10, High: 30, N: 3}, samples.Estimate("steps"))
	require.Equal(t, measure.Estimate{Median: 2, Low: 2, High: 2, N: 3}, samples.Ratio("two steps, in words", "steps"))
	require.Equal(t, []int{1, 2, 3}, done)
}

func TestRunImports(t *testing.T) {
	samples, err := runSection(t, t.Context(), Twin{Section: "imports"})
	require.NoError(t, err)
	require.Equal(t, 2.0, samples.Estimate("kettles").Median)
}

func TestRunVariantsInTurn(t *testing.T) {
	samples, err := runSection(t, t.Context(), Twin{Section: "turns", Rounds: 3})
	require.NoError(t, err)
	require.Equal(t, 122112.0, samples.Estimate("order").Median)
	for _, name := range []string{"1st, by a dict", "1st, by a dict/cpus", "second", "second/cpus"} {
		require.Equal(t, 3, samples.Estimate(name).N, name)
	}
}

func TestRunProcesses(t *testing.T) {
	methods := []string{"spawn"}
	if runtime.GOOS == "linux" { // a socket in macOS's folder of a test has too long a name
		methods = append(methods, "fork", "forkserver")
	}
	for _, method := range methods {
		t.Run(method, func(t *testing.T) {
			samples, err := runSection(t, t.Context(), Twin{
				Section: "workers", Rounds: 2, Args: map[string]any{"method": method},
			})
			require.NoError(t, err)
			require.Equal(t, measure.Estimate{N: 2}, samples.Estimate("exit code"))
			require.Equal(t, 2, samples.Estimate(method).N)
		})
	}
}

func TestLifelineIsNoThreadOfTheTwin(t *testing.T) {
	samples, err := runSection(t, t.Context(), Twin{Section: "threads"})
	require.NoError(t, err)
	require.Equal(t, 1.0, samples.Estimate("threads").Median)
	require.Equal(t, 1.0, samples.Estimate("threads in a round").Median)
}

func TestChildrenHaveNoPartInThePipes(t *testing.T) {
	samples, err := runSection(t, t.Context(), Twin{Section: "children", Rounds: 1})
	require.NoError(t, err)
	require.Equal(t, 7.0, samples.Estimate("exit code").Median)
}

func TestForkedChildDoesNotEndTheSection(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no fork")
	}
	samples, err := runSection(t, t.Context(), Twin{Section: "forking"})
	require.NoError(t, err)
	require.Equal(t, 1, samples.Estimate("parent").N)
}

func TestRunErrors(t *testing.T) {
	for section, want := range map[string]string{
		"failing":       "ZeroDivisionError: division by zero",
		"failing-group": "ValueError: one of many",
		"not-finite":    "ValueError: Out of range float values are not JSON compliant",
		"garbage":       `it printed "What is printed here for all to read is a line of words, and"..., which is not a result`,
		"leaving":       "it ended before the section did",
		"unknown":       "twin.py: error: argument section: invalid choice: 'unknown' (choose from ",
	} {
		t.Run(section, func(t *testing.T) {
			_, err := runSection(t, t.Context(), Twin{Section: section})
			require.ErrorContains(t, err, "twin of 01-tests, section "+section+": "+want)
		})
	}
	t.Run("arguments", func(t *testing.T) {
		_, err := runSection(t, t.Context(), Twin{Section: "results", Args: map[string]any{"step": make(chan int)}})
		require.EqualError(t, err, "twin of 01-tests, section results: encoding the arguments: json: unsupported type: chan int")
	})
}

// listen returns the address that hanging connects to, and a function that
// waits until all the processes that hold a connection are gone.
func listen(t *testing.T) (address string, wait func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	return l.Addr().String(), func() {
		t.Helper()
		connection, err := l.Accept()
		require.NoError(t, err)
		defer connection.Close()
		_, _ = io.Copy(io.Discard, connection) // to the end, or until it is reset
	}
}

func TestCancelLeavesNothingBehind(t *testing.T) {
	address, wait := listen(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	_, err := runSection(t, ctx, Twin{
		Section:  "hanging",
		Rounds:   1,
		Args:     map[string]any{"address": address},
		Progress: func(int) { cancel(errClosed) },
	})
	require.Same(t, errClosed, err)
	wait()
}

// TestKillLeavesNothingBehind kills the program that runs the twin.
func TestKillLeavesNothingBehind(t *testing.T) {
	i := realPython(t)
	address, wait := listen(t)
	parent := exec.CommandContext(t.Context(), testBinary(t, "parent"), i.Path, address)
	temp := t.TempDir()
	parent.Env = append(os.Environ(), "TMPDIR="+temp, "TMP="+temp, "TEMP="+temp)
	_, err := parent.StdinPipe() // on which it waits
	require.NoError(t, err)
	stdout, err := parent.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, parent.Start())
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "the twin hangs\n", line)

	require.NoError(t, parent.Process.Kill())
	require.Error(t, parent.Wait())
	wait()
}

func beParent() {
	i := &Interpreter{Path: os.Args[1]}
	twin := Twin{Files: testFiles, Section: "hanging", Rounds: 1, Args: map[string]any{"address": os.Args[2]}}
	twin.Progress = func(int) { fmt.Println("the twin hangs") }
	_, err := i.Run(context.Background(), twin)
	fmt.Println(err)
}

// TestOrphanLeavesNothingBehind runs a program whose child outlives it and
// holds its standard output.
func TestOrphanLeavesNothingBehind(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no fork and no process groups")
	}
	i := realPython(t)
	address, wait := listen(t)
	host, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	cmd := command(t.Context(), i.Path, "-c", `
import os, socket, sys, time
connection = socket.create_connection((sys.argv[1], int(sys.argv[2])))
if os.fork() == 0:
    time.sleep(3600)
`, host, port)
	cmd.Stdout = new(tail)
	cmd.WaitDelay = time.Millisecond
	require.NoError(t, run(cmd))
	wait()
}

func TestByHand(t *testing.T) {
	i := realPython(t)
	folder, err := filepath.Abs(".")
	require.NoError(t, err)
	byHand := func(args ...string) *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), i.Path, append([]string{"-B", "testdata/twin.py"}, args...)...)
		cmd.Env = append(os.Environ(), "PYTHONPATH="+folder)
		return cmd
	}
	output, err := byHand("results").Output()
	require.NoError(t, err)
	samples, err := readResults(bytes.NewReader(output), nil, nil)
	require.NoError(t, err)
	require.Equal(t, 9, samples.Estimate("steps").N)

	output, err = byHand("unknown").CombinedOutput()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	require.Equal(t, 2, exit.ExitCode())
	require.Contains(t, string(output), "not-finite")
}

func TestReadResults(t *testing.T) {
	const (
		started = `{"started": true}` + "\n"
		done    = `{"done": true}` + "\n"
		failed  = `{"failed": true}` + "\n"
		early   = "it ended before the section did: twin.py must call main at its end"
	)
	outside := map[string]struct{ text, want string }{
		"nothing":           {"", early},
		"not started":       {"hello\n", early},
		"noise before":      {"hello\n\n" + `{"round": 0}` + "\n" + started + done, ""},
		"noise after":       {started + done + "bye", ""},
		"noise, unfinished": {started + failed + "bye\n", early},
		"much noise after":  {started + done + strings.Repeat("bye", maxResults), ""},
	}
	for name, test := range outside {
		t.Run(name, func(t *testing.T) {
			_, err := readResults(strings.NewReader(test.text), nil, nil)
			if test.want == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, test.want)
			}
		})
	}
	tests := map[string]struct{ text, want string }{
		"nothing":      {"", early},
		"waiting":      {`{"waiting": true}` + "\n" + done, ""},
		"only done":    {done, ""},
		"cr":           {"{\"round\": 1}\r\n" + strings.TrimSpace(done), ""},
		"words":        {"hello\n" + done, `it printed "hello", which is not a result`},
		"empty line":   {"\n" + done, `it printed "", which is not a result`},
		"another form": {`{"seconds": 1}` + "\n" + done, `it printed "{\"seconds\": 1}", which is not a result`},
		"no name":      {`{"values": [1]}` + "\n" + done, `it printed "{\"values\": [1]}", which is not a result`},
		"no values":    {`{"name": "threads"}` + "\n" + done, `it printed "{\"name\": \"threads\"}", which is not a result`},
		"null":         {`{"name": "a", "values": [null]}` + "\n" + done, `it printed "{\"name\": \"a\", \"values\": [null]}", which is not a result`},
		"not a number": {`{"name": "a", "values": [NaN]}` + "\n" + done, `it printed "{\"name\": \"a\", \"values\": [NaN]}", which is not a result`},
		"infinite":     {`{"name": "a", "values": [1e999]}` + "\n" + done, `it printed "{\"name\": \"a\", \"values\": [1e999]}", which is not a result`},
		"cut":          {`{"name": "a", "val`, `it printed "{\"name\": \"a\", \"val", which is not a result`},
		"long":         {strings.Repeat("ä", 61), `it printed "` + strings.Repeat("ä", 60) + `"..., which is not a result`},
		"too long":     {`{"round": 1` + strings.Repeat(" ", maxLine) + "}", "it printed a line of more than 1 MiB"},
		"too many":     {strings.Repeat(`{"round": 1`+strings.Repeat(" ", maxLine/2)+"}\n", 17), "it printed more than 8 MiB of results"},
		"not long":     {`{"round": 1` + strings.Repeat(" ", maxLine/2) + "}\n" + done, ""},
		"no rounds":    {`{"round": 0}` + "\n" + done, `it printed "{\"round\": 0}", which is not a result`},
		"array":        {"[1]\n" + done, `it printed "[1]", which is not a result`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := readResults(strings.NewReader(started+test.text), nil, nil)
			if test.want == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, test.want)
			}
		})
	}
	t.Run("failing reader", func(t *testing.T) {
		_, err := readResults(iotest.ErrReader(io.ErrClosedPipe), nil, nil)
		require.ErrorIs(t, err, io.ErrClosedPipe)
	})
}

func FuzzResults(f *testing.F) {
	f.Add([]byte("hello\n" + `{"started": true}` + "\n" + `{"name": "a", "values": [0.1, 2]}` + "\n" + `{"round": 1}` + "\n" + `{"done": true}` + "\nbye"))
	f.Add([]byte(`{"started": true}` + "\n" + `{"name": "a", "values": [1e308, null]}` + "\r\n\r\n"))
	f.Add([]byte("Traceback (most recent call last):\n\xff"))
	f.Fuzz(func(t *testing.T, text []byte) {
		samples, err := readResults(bytes.NewReader(text), func(done int) { require.Positive(t, done) }, func() {})
		again, errAgain := readResults(iotest.OneByteReader(bytes.NewReader(text)), nil, nil)
		require.Equal(t, samples, again)
		require.Equal(t, err, errAgain)
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			require.Less(t, len(err.Error()), 1000)
			return
		}
		require.Contains(t, strings.ToLower(string(text)), "true")
		if a := samples.Estimate("a"); a.N > 0 {
			require.False(t, math.IsInf(a.High, 0) || math.IsInf(a.Low, 0) || math.IsNaN(a.Median))
		}
	})
}
