package python

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
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
		errClosed := errors.New("closed for today")
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
	require.Equal(t, "CPython 3.11.7 (GIL)", (&Interpreter{"/usr/bin/python3", "CPython", "3.11.7", true, true}).String())
	require.Equal(t, "CPython 3.13.0 (no GIL)", (&Interpreter{"/usr/bin/python3", "CPython", "3.13.0", false, true}).String())
}
