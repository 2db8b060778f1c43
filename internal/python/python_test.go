package python

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// role makes the test binary play another program: one of the interpreters
// below, or a program that runs a twin.
const role = "PYTHON_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "":
		os.Exit(m.Run())
	case "new":
		fmt.Println(answers + `{"path": "", "implementation": "PyPy", "version": "3.14.1", "supported": true, "gil": false}`)
	case "old":
		fmt.Println(answers + `{"path": "/opt/python", "implementation": "CPython", "version": "2.7.18", "supported": false, "gil": true}`)
	case "garbage":
		fmt.Println("Welcome to this machine!")
	case "broken":
		fmt.Fprintln(os.Stderr, "Fatal Python error: init_import_site: Failed to import the site module\nImportError: no codecs")
		os.Exit(1)
	case "silent":
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err == nil {
			_, _ = l.Accept()
		}
	case "parent":
		beParent()
	}
	os.Exit(0)
}

var errClosed = errors.New("closed for today")

// testBinary returns the path of this test, which will play the role.
func testBinary(t *testing.T, as string) string {
	t.Helper()
	path, err := os.Executable()
	require.NoError(t, err)
	t.Setenv(role, as)
	return path
}

var findOnce = sync.OnceValues(func() (*Interpreter, error) { return Find(context.Background(), "") })

// realPython returns the interpreter of this machine.
func realPython(t *testing.T) *Interpreter {
	t.Helper()
	i, err := findOnce()
	if err != nil {
		t.Skipf("this test runs a real Python: %v", err)
	}
	return i
}

func TestFind(t *testing.T) {
	i := realPython(t)
	require.True(t, filepath.IsAbs(i.Path), i.Path)
	require.Regexp(t, `^3\.\d+\.\d+`, i.Version)
	again, err := Find(t.Context(), i.Path)
	require.NoError(t, err)
	require.Equal(t, i.Version, again.Version)
}

func TestFindReadsTheAnswer(t *testing.T) {
	path := testBinary(t, "new")
	i, err := Find(t.Context(), path)
	require.NoError(t, err)
	require.Equal(t, &Interpreter{Path: path, Implementation: "PyPy", Version: "3.14.1"}, i)
}

func TestFindErrors(t *testing.T) {
	for as, want := range map[string]string{
		"old":     "%s is Python 2.7.18; the comparison needs 3.8 or later",
		"garbage": `%s is no Python: asked for its version, it printed "Welcome to this machine!"`,
		"broken":  "cannot run %s: Fatal Python error: init_import_site: Failed to import the site module",
	} {
		t.Run(as, func(t *testing.T) {
			path := testBinary(t, as)
			_, err := Find(t.Context(), path)
			require.EqualError(t, err, fmt.Sprintf(want, path))
		})
	}
	t.Run("silent", func(t *testing.T) {
		path := testBinary(t, "silent")
		_, err := find(t.Context(), path, 50*time.Millisecond)
		require.EqualError(t, err, path+" gave no answer within 0.05 s")
	})
	t.Run("silent, all of them", func(t *testing.T) {
		bin := t.TempDir()
		t.Setenv("PATH", bin)
		suffix := ""
		if runtime.GOOS == "windows" {
			suffix = ".exe"
		}
		silent := testBinary(t, "silent")
		for _, name := range []string{"python3", "python"} {
			if err := os.Symlink(silent, filepath.Join(bin, name+suffix)); err != nil {
				t.Skipf("this test needs symbolic links: %v", err)
			}
		}
		_, err := find(t.Context(), "", 50*time.Millisecond)
		require.EqualError(t, err, filepath.Join(bin, "python3"+suffix)+" gave no answer within 0.05 s")
	})
	t.Run("no file", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "python3")
		_, err := Find(t.Context(), path)
		require.ErrorContains(t, err, "cannot run "+path+": ")
		require.ErrorIs(t, err, os.ErrNotExist)
	})
	t.Run("not a program", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "python3.exe")
		require.NoError(t, os.WriteFile(path, []byte("print('hello')"), 0o700))
		_, err := Find(t.Context(), path)
		require.ErrorContains(t, err, "cannot run "+path+": ")
	})
	t.Run("no such name", func(t *testing.T) {
		_, err := Find(t.Context(), "python-of-the-day")
		require.EqualError(t, err, "python-of-the-day was not found on PATH")
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errClosed)
		_, err := Find(ctx, testBinary(t, "new"))
		require.Same(t, errClosed, err)
	})
}

func TestFindOnPath(t *testing.T) {
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	_, err := Find(t.Context(), "")
	require.EqualError(t, err, "python3 was not found on PATH")

	suffix := ""
	if runtime.GOOS == "windows" {
		suffix = ".exe"
	}
	python := filepath.Join(bin, "python"+suffix)
	if err := os.Symlink(testBinary(t, "new"), python); err != nil {
		t.Skipf("this test needs symbolic links: %v", err)
	}
	i, err := Find(t.Context(), "")
	require.NoError(t, err)
	require.Equal(t, python, i.Path)

	t.Setenv(role, "old")
	_, err = Find(t.Context(), "")
	require.EqualError(t, err, python+" is Python 2.7.18; the comparison needs 3.8 or later")
}

func TestString(t *testing.T) {
	for want, i := range map[string]Interpreter{
		"CPython 3.11.7 (GIL)":                                 {Implementation: "CPython", Version: "3.11.7", GIL: true, Optimized: true},
		"CPython 3.13.0 (no GIL)":                              {Implementation: "CPython", Version: "3.13.0", Optimized: true},
		"CPython 3.11.7 (GIL, built without optimizations)":    {Implementation: "CPython", Version: "3.11.7", GIL: true},
		"CPython 3.13.0 (no GIL, built without optimizations)": {Implementation: "CPython", Version: "3.13.0"},
	} {
		require.Equal(t, want, i.String())
	}
}

func TestFindTellsHowItWasBuilt(t *testing.T) {
	i := realPython(t)
	output, err := exec.CommandContext(t.Context(), i.Path, "-c",
		`import sys, sysconfig; print(sysconfig.get_config_var("CONFIG_ARGS"), "prefix", sys.base_prefix)`).Output()
	require.NoError(t, err)
	built := strings.TrimSpace(string(output))
	want := strings.HasPrefix(built, "None ") || strings.Contains(built, "--enable-optimizations") || strings.HasSuffix(built, " prefix /usr")
	require.Equal(t, want, i.Optimized, built)
}

func TestFindIsNotFooledByModulesOfTheReader(t *testing.T) {
	want := *realPython(t)
	folder := t.TempDir()
	for _, module := range []string{"json", "platform", "sysconfig", "os", "re"} {
		text := "raise SystemExit('the reader has a " + module + " too')\n"
		require.NoError(t, os.WriteFile(filepath.Join(folder, module+".py"), []byte(text), 0o600))
	}
	for name, path := range map[string]string{"working directory": "", "PYTHONPATH": folder, "both": string(filepath.ListSeparator)} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(folder)
			t.Setenv("PYTHONPATH", path)
			i, err := Find(t.Context(), want.Path)
			require.NoError(t, err)
			require.Equal(t, want.String(), i.String())
		})
	}
}

// noisyPython returns a Python that prints a line as it starts and as it ends.
func noisyPython(t *testing.T) *Interpreter {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, exec.CommandContext(t.Context(), realPython(t).Path, "-m", "venv", "--without-pip", folder).Run())
	program, library := filepath.Join(folder, "bin", "python"), filepath.Join(folder, "lib", "python3*", "site-packages")
	if runtime.GOOS == "windows" {
		program, library = filepath.Join(folder, "Scripts", "python.exe"), filepath.Join(folder, "Lib", "site-packages")
	}
	found, err := filepath.Glob(library)
	require.NoError(t, err)
	require.Len(t, found, 1)
	const noise = `import sys, atexit; sys.stdout.write("hello\nhello"); atexit.register(print, "bye"); atexit.register(print, "bye", file=sys.stderr)`
	require.NoError(t, os.WriteFile(filepath.Join(found[0], "noise.pth"), []byte(noise+"\n"), 0o600))

	output, err := exec.CommandContext(t.Context(), program, "-c", "").Output()
	require.NoError(t, err)
	require.Contains(t, string(output), "hello")
	require.Contains(t, string(output), "bye")
	i, err := Find(t.Context(), program)
	require.NoError(t, err)
	require.Equal(t, realPython(t).String(), i.String())
	return i
}

func TestNoiseIsNoResult(t *testing.T) {
	i := noisyPython(t)
	twin := Twin{Name: "01-tests", Files: testFiles, Section: "workers", Rounds: 2, Args: map[string]any{"method": "spawn"}}
	r, err := i.Start(t.Context(), twin)
	require.NoError(t, err)
	defer r.Stop()
	require.NoError(t, r.Round())
	samples, err := r.Finish()
	require.NoError(t, err)
	require.Equal(t, 2, samples.Estimate("spawn").N)

	for section, want := range map[string]string{
		"failing": "ZeroDivisionError: division by zero",
		"garbage": `it printed "What is printed here for all to read is a line of words, and"..., which is not a result`,
	} {
		_, err := i.Run(t.Context(), Twin{Name: "01-tests", Files: testFiles, Section: section})
		require.ErrorContains(t, err, "twin of 01-tests, section "+section+": "+want)
	}
}

func TestFindTellsWhyAPythonDoesNotRun(t *testing.T) {
	path := realPython(t).Path
	for variable, value := range map[string]string{"PYTHONHOME": "/nonexistent", "PYTHONHASHSEED": "abc"} {
		t.Run(variable, func(t *testing.T) {
			t.Setenv(variable, value)
			_, err := Find(t.Context(), path)
			require.ErrorContains(t, err, "cannot run "+path+": Fatal Python error: ")
		})
	}
	t.Run("pyenv", func(t *testing.T) {
		if runtime.GOOS == "windows" {
			t.Skip("Windows has no /bin/sh")
		}
		path := filepath.Join(t.TempDir(), "python3")
		require.NoError(t, os.WriteFile(path, []byte(`#!/bin/sh
echo >&2
echo "pyenv: python3: command not found" >&2
echo >&2
echo "The python3 command exists in these Python versions:" >&2
echo "  3.11.7" >&2
exit 127
`), 0o700))
		_, err := Find(t.Context(), path)
		require.EqualError(t, err, "cannot run "+path+": pyenv: python3: command not found")
	})
}

func TestTelling(t *testing.T) {
	const traceback = "Traceback (most recent call last):\n  File \"tea.py\", line 3, in <module>\n    1 / 0\n    ~~^~~\n"
	for name, test := range map[string]struct{ text, want string }{
		"nothing":   {"", ""},
		"words":     {"hello\n  File cabinet\n", ""},
		"exception": {"hello\n" + traceback + "ZeroDivisionError: division by zero\n", "ZeroDivisionError: division by zero"},
		"windows":   {strings.ReplaceAll(traceback+"ValueError: x\n", "\n", "\r\n"), "ValueError: x"},
		"no end":    {traceback + "KeyboardInterrupt", "KeyboardInterrupt"},
		"lines":     {traceback + "ValueError: one\ntwo\n", "ValueError: one"},
		"bye":       {traceback + "ValueError: x\nbye\n", "ValueError: x"},
		"chain": {traceback + "KeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\n" +
			traceback + "ValueError: x\n", "ValueError: x"},
		"ignored": {traceback + "ValueError: x\nException ignored in atexit callback <f>:\n" + traceback + "OSError: y\n", "ValueError: x"},
		"syntax":  {"  File \"tea.py\", line 1\n    tea = = 2\n          ^\nSyntaxError: invalid syntax\n", "SyntaxError: invalid syntax"},
		"fatal": {"Python path configuration:\n  PYTHONHOME = '/x'\nFatal Python error: no codec\nPython runtime state: core initialized\n" +
			"ModuleNotFoundError: No module named 'encodings'\n\nCurrent thread 0x1 (most recent call first):\n  <no Python frame>\n", "Fatal Python error: no codec"},
		"fatal, later":     {traceback + "ValueError: x\nFatal Python error: Aborted\n\nThread 0x1 (most recent call first):\n  File \"a.py\", line 1 in f\n\nThread 0x2\n", "Fatal Python error: Aborted"},
		"fatal, traceback": {"Fatal Python error: no site\n" + traceback + "ImportError: no codecs\n", "ImportError: no codecs"},
		"group": {`  + Exception Group Traceback (most recent call last):
  |   File "tea.py", line 9, in <module>
  |     asyncio.run(run())
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "tea.py", line 3, in fail
    |     raise ValueError("one of many")
    | ValueError: one of many
    +------------------------------------
`, "ValueError: one of many"},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, tail(test.text).telling()) })
	}
}

func TestOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the stand-ins are shell scripts")
	}
	real := realPython(t)
	folder := t.TempDir()
	for name, script := range map[string]string{
		"python3.98":        "exec " + real.Path + ` "$@"`,
		"python3.97t":       "exec " + real.Path + ` "$@"`, // the same once more
		"python3.99":        "echo pyenv: python3.99: command not found >&2; exit 127",
		"python3.98-config": "exec " + real.Path + ` "$@"`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755))
	}
	t.Setenv("PATH", folder+string(filepath.ListSeparator)+filepath.Join(folder, "nowhere"))
	others := Others(t.Context())
	require.Len(t, others, 1)
	require.Equal(t, real.String(), others[0].String())
	require.Empty(t, Others(t.Context(), real), "it is known already")
}
