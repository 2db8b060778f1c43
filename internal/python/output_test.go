package python

import (
	"context"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
)

// program returns files with a program, and one that it may import.
func program(text string) fs.FS {
	return fstest.MapFS{
		"tea.py":         {Data: []byte(text)},
		"kettle.py":      {Data: []byte("cups = 2\n")},
		"cellar/wine.py": {Data: []byte("bottles = 3\n")},
	}
}

func TestOutput(t *testing.T) {
	i := realPython(t)
	check := emptyTemp(t)
	tests := map[string]struct{ text, want string }{
		"nothing":      {"", ""},
		"import":       {"import kettle\nprint(kettle.cups, 'cups')\nprint('of tea')", "2 cups\nof tea\n"},
		"every \\r\\n": {`import sys; sys.stdout.buffer.write(b"one\r\ntwo\n")`, "one\ntwo\n"},
		"any letter":   {"print('tea \\u2014 \\u8336')", "tea — 茶\n"},
		"own name":     {"print(__name__, __file__.endswith('tea.py'))", "__main__ True\n"},
		"no input":     {"import sys; print(repr(sys.stdin.read()))", "''\n"},
		"warning":      {"import sys; print('no sugar', file=sys.stderr); print('tea')", "tea\n"},
		"old enough":   {"# Needs Python 3.8 or later.\nprint('tea')", "tea\n"},
		"its folder":   {"import os; print(sorted(os.listdir()))", "['kettle.py', 'tea.py']\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := i.Output(t.Context(), program(test.text), "tea.py")
			require.NoError(t, err)
			require.Equal(t, test.want, got)
			check()
		})
	}
	got, err := i.Output(t.Context(), testFiles, "shared_memory.py")
	require.NoError(t, err)
	require.Equal(t, "two kettles\n", got)
}

func TestOutputErrors(t *testing.T) {
	i := realPython(t)
	check := emptyTemp(t)
	tests := map[string]struct{ text, want string }{
		"exception":   {"print('tea')\n1 / 0", "running tea.py: ZeroDivisionError: division by zero"},
		"exit code":   {"raise SystemExit(7)", "running tea.py: exit status 7"},
		"its message": {"raise SystemExit('no tea')", "running tea.py: no tea"},
		"no measure":  {"import measure", "running tea.py: ModuleNotFoundError: No module named 'measure'"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := i.Output(t.Context(), program(test.text), "tea.py")
			require.EqualError(t, err, test.want)
			check()
		})
	}
	t.Run("syntax", func(t *testing.T) {
		_, err := i.Output(t.Context(), program("tea = = 2"), "tea.py")
		require.EqualError(t, err, "running tea.py: SyntaxError: invalid syntax")
	})
	t.Run("no file", func(t *testing.T) {
		_, err := i.Output(t.Context(), program(""), "coffee.py")
		require.ErrorContains(t, err, "running coffee.py: ")
		require.ErrorIs(t, err, fs.ErrNotExist)
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errClosed)
		_, err := i.Output(ctx, program(""), "tea.py")
		require.Same(t, errClosed, err)
		check()
	})
	t.Run("hanging", func(t *testing.T) {
		_, err := i.output(t.Context(), program("import threading; threading.Event().wait()"), "tea.py", 50*time.Millisecond)
		require.EqualError(t, err, "running tea.py: it did not end within 0.05 s, stopped")
		check()
	})
}

func TestOutputOfWhatNeedsANewerPython(t *testing.T) {
	tests := map[string]struct{ text, have, needs string }{
		"older":          {"# Needs Python 3.14 or later.\n", "3.11.7", "3.14"},
		"not as text":    {"# Needs Python 3.14 or later.\n", "3.9.18", "3.14"},
		"last number":    {"# Needs Python 3.13.2 or later.", "3.13.1", "3.13.2"},
		"windows":        {"# Needs Python 3.14 or later.\r\n", "3.13.9", "3.14"},
		"next millenium": {"# Needs Python 4 or later.\n", "3.99.0", "4"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			i := &Interpreter{Path: "not run", Version: test.have}
			_, err := i.Output(t.Context(), program(test.text), "tea.py")
			require.Equal(t, &TooOld{Needs: test.needs, Have: test.have}, err)
			require.EqualError(t, err, "the program needs Python "+test.needs+" or later, and this is "+test.have)
		})
	}
	for name, test := range map[string]struct{ text, have string }{
		"the same":          {"# Needs Python 3.14 or later.\n", "3.14.0"},
		"not yet released":  {"# Needs Python 3.14 or later.\n", "3.14.0rc2"},
		"newer":             {"# Needs Python 3.9 or later.\n", "3.14.0"},
		"says nothing":      {"print('tea')\n", "3.8.0"},
		"not in this form":  {"# Needs Python 3.14.\n", "3.8.0"},
		"not in first line": {"\n# Needs Python 3.14 or later.\n", "3.8.0"},
	} {
		t.Run(name, func(t *testing.T) {
			require.False(t, older(test.have, needed([]byte(test.text))))
		})
	}
}
