package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/python"
)

// What a reader gives as a command is, in these tests, the test binary: with
// this variable set it says so, and exits with the status that it names.
const asCommand = "CHOOSING_TEST_COMMAND"

func beCommand() {
	if status := os.Getenv(asCommand); status != "" {
		code := 0
		fmt.Sscan(status, &code)
		fmt.Println("out")
		fmt.Fprintln(os.Stderr, "err")
		if status == "wait" {
			told := make(chan os.Signal, 1)
			signal.Notify(told, syscall.SIGTERM)
			fmt.Println("ready")
			fmt.Println("told:", <-told)
		}
		if code < 0 {
			_ = kill()
		}
		os.Exit(code)
	}
}

// kill kills this process.
func kill() error {
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	if err := self.Kill(); err != nil {
		return err
	}
	select {}
}

// build builds the chapter's program as a reader does.
func build(t *testing.T) string {
	t.Helper()
	gocmd, err := exec.LookPath("go")
	if err != nil {
		t.Skip(err)
	}
	program := filepath.Join(t.TempDir(), "choosing")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	out, err := exec.Command(gocmd, "build", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	return program
}

func TestAdviseCommand(t *testing.T) {
	program := build(t)
	run := func(status string, args ...string) (stdout, stderr string, code int) {
		cmd := exec.CommandContext(t.Context(), program, append([]string{"advise"}, args...)...)
		cmd.Env = append(os.Environ(), asCommand+"="+status)
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Run(); err != nil {
			var exit *exec.ExitError
			require.ErrorAs(t, err, &exit)
		}
		return out.String(), errs.String(), cmd.ProcessState.ExitCode()
	}

	for _, c := range []struct{ args, says string }{
		{"", "say what a task takes, as in -cpu 2ms -wait 80ms, or give a command after --; -h tells more"},
		{"-tasks 5", "say what a task takes, as in -cpu 2ms -wait 80ms, or give a command after --; -h tells more"},
		{"-cpu 0 -wait 0s", "a task that neither computes nor waits needs no advice: give -cpu, -wait or both"},
		{"-cpu -2ms", `invalid value "-2ms" for flag -cpu: a time is not negative`},
		{"-wait -1ns -cpu 1s", `invalid value "-1ns" for flag -wait: a time is not negative`},
		{"-cpu 2", `invalid value "2" for flag -cpu: give a number and its unit, as in 2ms`},
		{"-cpu soon", `invalid value "soon" for flag -cpu: give a number and its unit, as in 2ms`},
		{"-cpu", "flag needs an argument: -cpu"},
		{"-cpu 1ms -connections 0", `invalid value "0" for flag -connections: give a whole number, 1 or more`},
		{"-cpu 1ms -connections many", `invalid value "many" for flag -connections: give a whole number, 1 or more`},
		{"-cpu 1ms -tasks -3", `invalid value "-3" for flag -tasks: give a whole number, 1 or more`},
		{"-cpu 1ms -tasks 5 -connections 5", "-tasks can queue, and -connections are there at once: give one of them"},
		{"-cpu 1ms -cpus 0", `invalid value "0" for flag -cpus: give a whole number, 1 or more`},
		{"-cpu 1ms -isolate=perhaps", `invalid boolean value "perhaps" for -isolate: parse error`},
		{"-cpu 1ms -isolate false", "write -isolate=false or -native=false, with an equals sign"},
		{"-threads 5", "flag provided but not defined: -threads; the flags are -cpu, -wait, -tasks, -connections, -native, -call, -isolate, -cpus and -h"},
		{"soup", `"soup" is no flag; a command stands after --, as in: advise -- soup`},
		{"--", "there is no command after --"},
		{"-tasks 5 --", "there is no command after --"},
		{"-cpu 1ms -- soup", "a command is measured: give it, or -cpu and -wait, not both"},
		{"-wait 0s -- soup", "a command is measured: give it, or -cpu and -wait, not both"},
		{"-cpu 9999999h", `invalid value "9999999h" for flag -cpu: give a time up to 8760h0m0s`},
		{"-wait 8761h", `invalid value "8761h" for flag -wait: give a time up to 8760h0m0s`},
		{"-cpu 1ms -connections 9223372036854775807", `invalid value "9223372036854775807" for flag -connections: give a number up to 1,000,000,000`},
		{"-cpu 1ms -tasks 99999999999999999999", `invalid value "99999999999999999999" for flag -tasks: give a number up to 1,000,000,000`},
		{"-call tasks.py:resize -cpu 1ms", "a function is measured: give it, or -cpu and -wait, or a command"},
		{"-call tasks.py:resize -- soup", "a function is measured: give it, or -cpu and -wait, or a command"},
		{"-native -- soup", "a command is a process of its own: -native says nothing of it"},
		{"-- no-such-soup", "cannot run no-such-soup: executable file not found in $PATH"},
	} {
		if runtime.GOOS == "windows" {
			c.says = strings.ReplaceAll(c.says, "$PATH", "%PATH%")
		}
		stdout, stderr, code := run("", strings.Fields(c.args)...)
		require.Equal(t, 2, code, c.args)
		require.Empty(t, stdout, c.args)
		require.Equal(t, "advise: "+c.says+"\n", stderr, c.args)
	}

	for _, flag := range []string{"-h", "-help", "--help"} {
		stdout, stderr, code := run("", flag)
		require.Zero(t, code)
		require.Empty(t, stderr)
		require.Equal(t, adviseHelp, stdout)
	}

	_, stderr, code := run("", "--", "")
	require.Equal(t, 2, code)
	require.Equal(t, "advise: there is no command after --\n", stderr)

	stdout, stderr, code := run("", "-cpu", "2ms", "-wait", "80ms", "-connections", "5000", "-isolate=false", "-cpus", "2")
	require.Zero(t, code, stderr)
	require.Contains(t, stdout, "in Python   asyncio in 2 processes\nin Go       goroutines\nbusy        2.00 of 2 CPUs\n")
	stdout, _, code = run("", "-cpu", "2ms", "-isolate")
	require.Zero(t, code)
	require.Contains(t, stdout, "in Python   processes\nin Go       processes\n")
	require.Contains(t, stdout, "1,000 tasks, which can queue, on")

	self, err := os.Executable()
	require.NoError(t, err)
	stdout, stderr, code = run("0", "-tasks", "1", "--", self, "-soup")
	require.Zero(t, code)
	require.True(t, strings.HasPrefix(stdout, "out\n\ncomputed "), stdout)
	require.Equal(t, "err\n", stderr, "what the command says goes through")
	require.Contains(t, stdout, "\n1 task on ")
	if runtime.GOOS == "windows" {
		require.Contains(t, stdout, "memory       unknown: windows does not tell\n")
	} else {
		require.Contains(t, stdout, "MiB")
	}

	for status, says := range map[string]string{"3": "exit status 3", "-1": "signal: killed"} {
		if runtime.GOOS == "windows" && status == "-1" {
			continue
		}
		stdout, stderr, code = run(status, "--", self)
		require.Equal(t, 1, code)
		require.Equal(t, "out\n", stdout)
		require.Equal(t, "err\nadvise: the command failed ("+says+"), so what it took is no measure of the task\n", stderr)
	}
}

func TestAdviceThatCannotBeWritten(t *testing.T) {
	program := build(t)
	self, err := os.Executable()
	require.NoError(t, err)
	reader, gone, err := os.Pipe()
	require.NoError(t, err)
	defer gone.Close()
	require.NoError(t, reader.Close())
	readOnly, err := os.Open(self)
	require.NoError(t, err)
	defer readOnly.Close()
	outputs := map[string]*os.File{"a reader that has gone": gone, "a file that cannot be written": readOnly}
	if full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0); err == nil {
		defer full.Close()
		outputs["a full device"] = full
	}
	for name, output := range outputs {
		for _, args := range []string{"-h", "-cpu 2ms -wait 80ms"} {
			cmd := exec.CommandContext(t.Context(), program, append([]string{"advise"}, strings.Fields(args)...)...)
			var errs bytes.Buffer
			cmd.Stdout, cmd.Stderr = output, &errs
			err := cmd.Run()
			if output == gone {
				require.NoError(t, err, "%s, %s", name, args)
				require.Empty(t, errs.String(), "%s, %s", name, args)
				continue
			}
			require.Equal(t, 1, cmd.ProcessState.ExitCode(), "%s, %s", name, args)
			require.Regexp(t, `\Aadvise: the advice cannot be written, see where the output goes: write .*\n\z`, errs.String(), "%s, %s", name, args)
		}
	}
}

// Who ends the program while the command runs wants no advice. The command is
// told, so that it can end what it has started itself.
func TestAdviseIsStopped(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows knows no such signal")
	}
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(build(t), "advise", "--", self)
	cmd.Env = append(os.Environ(), asCommand+"=wait")
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewReader(stdout)
	for _, want := range []string{"out\n", "ready\n"} {
		line, err := lines.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, want, line)
	}
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	rest, err := io.ReadAll(lines) // which ends when the command has ended, too
	require.NoError(t, err)
	require.Equal(t, "told: terminated\n", string(rest))
	require.Error(t, cmd.Wait())
	require.Equal(t, 128+int(syscall.SIGTERM), cmd.ProcessState.ExitCode())
}

// A signal reaches all that a command has started, not only the command.
func TestAdviseStopsWhatTheCommandStarted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows knows no such signal")
	}
	cmd := exec.Command(build(t), "advise", "--", "sh", "-c", "echo ready; sleep 1000; echo too late")
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewReader(stdout)
	line, err := lines.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "ready\n", line)
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	rest, err := io.ReadAll(lines) // which ends when sleep has ended, too
	require.NoError(t, err)
	require.Empty(t, string(rest))
	require.Error(t, cmd.Wait())
}

const called = `import asyncio, functools, hashlib, time
DATA = bytes(4_000_000)
def hashes(): hashlib.sha256(DATA).digest()
def counts(): return sum(range(200_000))
def waits(): time.sleep(0.01)
def talks(): print("soup"); time.sleep(0.001)
def fails(): raise KeyError("soup")
def leaves(): import os; os._exit(0)
async def comes_back(): await asyncio.sleep(0.01)
@functools.wraps(comes_back)
def decorated(): return comes_back()
async def breaks(): raise KeyError("soup")
`

func TestAdviseCall(t *testing.T) {
	found, err := python.Find(t.Context(), "")
	if err != nil {
		t.Skip(err)
	}
	file := filepath.Join(t.TempDir(), "called.py")
	require.NoError(t, os.WriteFile(file, []byte(called), 0o600))
	run := func(function string) (string, string, int) {
		var out, errs strings.Builder
		code := writeAdvice([]string{"-tasks", "50", "-cpus", "2", "-call", function}, &out, &errs)
		return out.String(), errs.String(), code
	}
	for function, says := range map[string]string{
		":counts": `a call, (0 % of it without the GIL|can't tell how much of it holds the GIL)`,
		":waits":  `too little to tell how much of it holds the GIL`,
		// What counts is what a coroutine takes, not what it takes to make one.
		":comes_back": `(?s)computed .*, as one of many in a loop\nwaited +(1\d|[2-9]\d)\.?\d*ms.* one after another and, in one loop, \d+ at once.*in Python   asyncio\n`,
		":decorated":  `(?s)as one of many in a loop\nwaited +(1\d|[2-9]\d)\.?\d*ms.*in Python   asyncio\n`,
	} {
		if !found.GIL && function == ":counts" {
			says = `a call, (\d+ % of it without the GIL|can't tell how much of it holds the GIL)`
		}
		out, errs, code := run(file + function)
		require.Zero(t, code, errs)
		require.Regexp(t, says, out)
		require.Contains(t, out, "50 tasks, which can queue")
	}
	printed, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	require.NoError(t, err)
	defer printed.Close()
	terminal := os.Stderr
	os.Stderr = printed
	out, errs, code := run(file + ":talks")
	os.Stderr = terminal
	require.Zero(t, code, errs)
	written, err := os.ReadFile(printed.Name())
	require.NoError(t, err)
	require.NotContains(t, out+errs+string(written), "soup", "what it prints is for nobody")

	for function, says := range map[string]string{
		file + ":fails":   file + ":fails cannot be measured: KeyError: 'soup'",
		file + ":breaks":  file + ":breaks cannot be measured: KeyError: 'soup'",
		file + ":nothing": file + ":nothing cannot be measured: AttributeError: module 'called' has no attribute 'nothing'",
		file + ":leaves":  file + ":leaves ended Python before it was measured",
		"soup":            "-call soup: give a file and a function in it, as in -call tasks.py:resize",
		"no-such.py:soup": "-call no-such.py:soup: stat no-such.py: no such file or directory",
	} {
		if runtime.GOOS == "windows" && strings.HasPrefix(function, "no-such") {
			continue // which says it in other words
		}
		out, errs, code := run(function)
		require.Equal(t, 1, code)
		require.Empty(t, out)
		if strings.HasPrefix(function, file) {
			_, name, _ := strings.Cut(function, file+":")
			warning := "advise: " + name + " is called up to 1,000 times now, up to 40 at once, with all its side effects\n"
			require.True(t, strings.HasPrefix(errs, warning), errs)
			errs = strings.TrimPrefix(errs, warning)
		}
		require.Equal(t, "advise: "+says+"\n", errs)
	}
}

const counted = `import asyncio, os, threading, time
lock, there, calls = threading.Lock(), 0, 0
def note(n):
    global there, calls
    with lock:
        there, calls = there + n, calls + (n > 0)
        with open(os.environ["CHOOSING_TEST_CALLS"], "a") as out:
            print(there, calls, file=out)
def quick():
    note(1); sum(range(1000)); note(-1)
def waits():
    note(1); time.sleep(0.001); note(-1)
def slow():
    note(1); sum(range(100_000)); time.sleep(0.1); note(-1)
async def loops():
    note(1); await asyncio.sleep(0.001); note(-1)
`

// A function is called as often as was said, and no more of it are under way than
// were announced.
func TestCallsAreCounted(t *testing.T) {
	if _, err := python.Find(t.Context(), ""); err != nil {
		t.Skip(err)
	}
	file := filepath.Join(t.TempDir(), "counted.py")
	require.NoError(t, os.WriteFile(file, []byte(counted), 0o600))
	for _, name := range []string{"quick", "waits", "slow", "loops"} {
		notes := filepath.Join(t.TempDir(), name)
		t.Setenv("CHOOSING_TEST_CALLS", notes)
		c, err := measureCall(file+":"+name, io.Discard)
		require.NoError(t, err, name)
		written, err := os.ReadFile(notes)
		require.NoError(t, err)
		most, calls := 0, 0
		for line := range strings.Lines(string(written)) {
			var there int
			fmt.Sscan(line, &there, &calls)
			most = max(most, there)
		}
		require.Equal(t, c.Calls, calls, name)
		require.LessOrEqual(t, calls, 1000, name)
		require.LessOrEqual(t, most, 40, name)
		require.LessOrEqual(t, most, c.AtOnce, name)
	}
}

// A loop that computes in C code is told what to write.
func TestAdviseToThread(t *testing.T) {
	for args, want := range map[string]string{
		"-cpu 2ms -wait 80ms -connections 5000 -cpus 2 -native": "asyncio, computing in threads (asyncio.to_thread)",
		"-cpu 20ms -wait 20s -connections 500 -cpus 4 -native":  "asyncio, computing in threads (asyncio.to_thread)",
		"-cpu 1ms -wait 20s -connections 5000 -cpus 2 -native":  "asyncio", // for 1 ms it isn't worth it
		"-cpu 2ms -wait 80ms -connections 5000 -cpus 2":         "asyncio in 2 processes",
		"-cpu 80ms -wait 2ms -tasks 5000 -cpus 8 -native":       "threads",
	} {
		var out strings.Builder
		require.Zero(t, advise(strings.Fields(args), &out, &out))
		require.Contains(t, out.String(), fmt.Sprintf("%-11s %s\n", "in Python", want), args)
	}
}

func TestReleased(t *testing.T) {
	for _, c := range []struct {
		name string
		call call
		part float64
		told bool
	}{
		{"pure Python", call{Wall: 0.01, CPU: 0.01, AtOnce: 2, Busy: 1.01, Free: 2}, 0, true},
		{"hashing", call{Wall: 0.01, CPU: 0.01, AtOnce: 2, Busy: 1.98, Free: 2}, 1, true},
		{"one half of each", call{Wall: 0.01, CPU: 0.01, AtOnce: 2, Busy: 1.33, Free: 2}, 0.5, true},
		{"hardly any computing", call{Wall: 0.025, CPU: 0.001, AtOnce: 40, Busy: 1.6, Free: 2}, 0, false},
		{"a little, but some", call{Wall: 0.025, CPU: 0.005, AtOnce: 10, Busy: 1.9, Free: 2}, 1, true},
		{"too short", call{Wall: 50e-6, CPU: 50e-6, AtOnce: 2, Busy: 1.9, Free: 2}, 0, false},
		{"a coroutine", call{Coroutine: true, Wall: 0.01, CPU: 0.01, AtOnce: 2, Free: 2}, 0, false},
		// A busy machine takes CPUs away, so that hashing looks like pure Python.
		{"pure Python or hashing, beside others", call{Wall: 0.01, CPU: 0.01, AtOnce: 2, Busy: 0.9, Free: 0.8}, 0, false},
		{"half of each or hashing, beside others", call{Wall: 0.01, CPU: 0.01, AtOnce: 2, Busy: 1.3, Free: 1.4}, 0, false},
		{"certainly hashing, beside others", call{Wall: 0.01, CPU: 0.01, AtOnce: 2, Busy: 1.8, Free: 1.4}, 1, true},
	} {
		part, told := c.call.released()
		require.InDelta(t, c.part, part, 0.05, c.name)
		require.Equal(t, c.told, told, c.name)
		var printed strings.Builder
		c.call.print(&printed, 2)
		require.Equal(t, c.call.Free < 1.7, strings.Contains(printed.String(), "the machine is busy"), c.name)
	}
}

// A busy machine hides what's right. Then that's said first, and nothing is
// given for a fact.
func TestUncertain(t *testing.T) {
	for _, c := range []struct {
		name string
		call call
		p    Profile
		says string
	}{
		{"hashing beside others", call{Wall: 0.0143, CPU: 0.01, AtOnce: 2, Busy: 1.2, Free: 1.2}, Profile{Tasks: 50, CPUs: 2}, "processes or threads; measure again"},
		{"quiet", call{Wall: 0.01, CPU: 0.01, AtOnce: 2, Busy: 1.01, Free: 2}, Profile{Tasks: 50, CPUs: 2}, ""},
		{"it waits beside others", call{Wall: 0.1, CPU: 0.001, AtOnce: 40, Busy: 1, Free: 1.2}, Profile{Tasks: 50, CPUs: 2}, ""},
		{"it may have waited for a CPU", call{Wall: 0.021, CPU: 0.01, AtOnce: 2, Busy: 1, Free: 1.5}, Profile{Tasks: 200, CPUs: 2}, "threads in 2 processes or threads or processes; measure again"},
		{"only one CPU", call{Wall: 0.0143, CPU: 0.01, AtOnce: 2, Busy: 1, Free: 1}, Profile{Tasks: 50, CPUs: 1}, ""},
	} {
		require.Equal(t, c.says, c.call.uncertain(c.p), c.name)
	}
	c := call{Wall: 0.0143, CPU: 0.01, AtOnce: 2, Busy: 1.2, Free: 1.2}
	var printed strings.Builder
	c.print(&printed, 2)
	require.Contains(t, printed.String(), "waited       4.3ms or less, perhaps in part for a CPU, the rest of its 14.3ms\n")
	a := Choose(Profile{CPU: 1, Tasks: 2, CPUs: 2})
	a.Uncertain = "tea or coffee"
	printAdvice(&printed, Profile{CPU: 1, Tasks: 2, CPUs: 2}, a)
	require.Contains(t, printed.String(), "in Python   uncertain: tea or coffee\n")
}

func TestMeasurement(t *testing.T) {
	print := func(m measurement) string {
		var b strings.Builder
		m.print(&b, 4, 3)
		return b.String()
	}
	require.Equal(t, "\ncomputed     300ms, with what it took to start\nwaited       700ms, the rest of its 1s\nmemory       32.0 MiB, of its largest process; 3 at once take 96.0 MiB or more\n\n",
		print(measurement{cpu: 300 * time.Millisecond, wall: time.Second, memory: 32 << 20}))
	parallel := measurement{cpu: 1800 * time.Millisecond, wall: time.Second, memory: 6 << 20, bound: true}
	require.Equal(t, "\ncomputed     1.8s, with what it took to start in 1s: it keeps 1.80 CPUs busy by itself, so 4 count as 2 here\nwaited       0s, the rest of its 1s\nmemory       less than 6.00 MiB, too little to tell\n\n",
		print(parallel))
	require.Equal(t, Profile{CPU: time.Second, CPUs: 2}, parallel.of(Profile{CPUs: 4}))
	require.Contains(t, print(measurement{wall: 1}), "unknown: "+runtime.GOOS+" does not tell")
}

func TestFold(t *testing.T) {
	require.Equal(t, []string{"one two", "three"}, fold("one two  three", 7))
	require.Equal(t, []string{"incomprehensibilities"}, fold("incomprehensibilities", 5))
	require.Equal(t, []string{""}, fold("", 5))
}
