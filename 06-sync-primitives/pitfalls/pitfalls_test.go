package main

import (
	"context"
	"errors"
	"flag"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/notebook"
	"concurrency-notebook/internal/program"
	"concurrency-notebook/internal/python"
)

// TestMain skips the Examples where there is no Python, or no go command: what they
// say is part of the output. A busy machine may take long to start Python.
func TestMain(m *testing.M) {
	flag.Parse()
	found, err := python.Find(context.Background(), "")
	for tries := 1; err != nil && tries < 5; tries++ {
		found, err = python.Find(context.Background(), "")
	}
	if err == nil {
		findPython = func(context.Context) (*python.Interpreter, error) { return found, nil }
	}
	_, noGo := exec.LookPath("go")
	if (err != nil || noGo != nil) && flag.Lookup("test.skip").Value.String() == "" {
		if err := flag.Set("test.skip", "^Example_"); err != nil {
			panic(err)
		}
	}
	code := m.Run()
	shelf.Close()
	os.Exit(code)
}

var goOnly = []string{"copied_lock", "closed_channel"}

// pairs returns the names of the pairs: all pitfalls but the one that can be shown
// without a child process.
func pairs() (names []string) {
	for _, s := range chapter.Sections {
		if name := strings.ReplaceAll(s.Name, "-", "_"); name != "busy_waiting" {
			names = append(names, name)
		}
	}
	return names
}

// sources returns the programs of a pair: in Go and, if there is one, in Python.
func sources(name, which string) []string {
	p := pair{name: name}
	files := []string{p.folder(which) + "/main.go"}
	if !slices.Contains(goOnly, name) {
		files = append(files, p.script(which))
	}
	return files
}

func source(t *testing.T, file string) string {
	t.Helper()
	text, err := fs.ReadFile(programs, file)
	require.NoError(t, err)
	return string(text)
}

func TestEveryPitfallIsAPair(t *testing.T) {
	var files, want []string
	require.NoError(t, fs.WalkDir(programs, "testdata", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, name)
		}
		return err
	}))
	for _, name := range pairs() {
		want = append(want, slices.Concat(sources(name, "broken"), sources(name, "cured"))...)
	}
	require.ElementsMatch(t, want, files)
}

// TestTheDifferenceIsTheCure checks that the two programs of a pair are small and
// differ in few lines.
func TestTheDifferenceIsTheCure(t *testing.T) {
	const most = 15
	for _, name := range pairs() {
		curedFiles := sources(name, "cured")
		for i, file := range sources(name, "broken") {
			broken, cured := strings.Split(source(t, file), "\n"), strings.Split(source(t, curedFiles[i]), "\n")
			same := common(broken, cured)
			require.Less(t, same, max(len(broken), len(cured)), file)
			require.LessOrEqual(t, len(broken)-same, most, file)
			require.LessOrEqual(t, len(cured)-same, most, file)
			require.LessOrEqual(t, len(cured), 70, file)
		}
	}
}

// common returns how many lines two texts have in common, in the same order.
func common(a, b []string) int {
	longest := make([]int, len(b)+1) // of what has been seen of a, and so many lines of b
	for _, line := range a {
		before := 0
		for i := range b {
			length := max(longest[i+1], longest[i])
			if line == b[i] {
				length = max(length, before+1)
			}
			before, longest[i+1] = longest[i+1], length
		}
	}
	return longest[len(b)]
}

// TestTheRuntimeSeesDeadlocks checks that no program imports what blinds the
// runtime to a deadlock.
func TestTheRuntimeSeesDeadlocks(t *testing.T) {
	harmless := []string{`"fmt"`, `"sync"`}
	for _, name := range pairs() {
		for _, which := range []string{"broken", "cured"} {
			file, err := parser.ParseFile(token.NewFileSet(), "main.go", source(t, sources(name, which)[0]), parser.ImportsOnly)
			require.NoError(t, err)
			for _, spec := range file.Imports {
				require.Contains(t, harmless, spec.Path.Value, "%s, %s", name, which)
			}
		}
	}
}

// TestVetFindsOnlyTheCopiedLock checks what the table of the page says of vet.
func TestVetFindsOnlyTheCopiedLock(t *testing.T) {
	gocmd, err := exec.LookPath("go")
	if err != nil {
		t.Skip("the go command was not found on PATH")
	}
	args := []string{"vet"}
	for _, name := range pairs() {
		p := pair{name: name}
		args = append(args, "./"+p.folder("broken"), "./"+p.folder("cured"))
	}
	out, err := exec.CommandContext(t.Context(), gocmd, args...).CombinedOutput()
	require.Error(t, err)
	var found []string
	for line := range strings.Lines(string(out)) {
		if !strings.HasPrefix(line, "#") {
			found = append(found, strings.TrimSpace(line))
		}
	}
	require.Len(t, found, 1)
	require.Contains(t, found[0], "sell passes lock by value")
}

// TestRaceDetectorFindsOnlyTheLostUpdate checks what the table of the page says
// of the race detector. (Under it, a deadlocked program hangs.)
func TestRaceDetectorFindsOnlyTheLostUpdate(t *testing.T) {
	tests := []struct {
		pitfall string
		status  int
		races   bool
	}{
		{"lost_update", 66, true},
		{"check_then_act", 0, false},
		{"await_between", 0, false},
		{"copied_lock", 0, false},
		{"forgotten_join", 0, false},
		{"closed_channel", 2, false},
		{"starvation", 0, false},
		{"thundering_herd", 0, false},
	}
	for _, test := range tests {
		p, err := shelf.Get(t.Context(), program.Race, pair{name: test.pitfall}.folder("broken"))
		if missing := (*program.CannotBuild)(nil); errors.As(err, &missing) {
			t.Skip("nothing can be built with the race detector: ", missing)
		}
		require.NoError(t, err)
		ran, err := p.Run(t.Context(), limit)
		require.NoError(t, err)
		require.Equal(t, test.status, ran.ExitCode, "%s: %s", test.pitfall, ran.Output)
		require.Equal(t, test.races, len(program.Races(ran.Output)) > 0, "%s: %s", test.pitfall, ran.Output)
	}
}

func TestWithoutTheGoCommandAndPython(t *testing.T) {
	built, find := shelf, findPython
	defer func() { shelf, findPython = built, find }()
	shelf, findPython = program.NewShelf(programs), notebook.Python
	defer shelf.Close()
	t.Setenv("PATH", t.TempDir())
	var said strings.Builder
	require.NoError(t, lockOrder(t.Context(), &said))
	require.Equal(t, `Python, broken: can't be shown here: python3 was not found on PATH
Go, broken: can't be shown here: the go command, which builds the program, was not found on PATH

Python, cured: can't be shown here: python3 was not found on PATH
Go, cured: can't be shown here: the go command, which builds the program, was not found on PATH
`, said.String())

	said.Reset()
	require.NoError(t, copiedLock(t.Context(), &said))
	require.Equal(t, `Go and go vet, broken: can't be shown here: the go command, which builds the program, was not found on PATH

Go and go vet, cured: can't be shown here: the go command, which builds the program, was not found on PATH
`, said.String())
}

func TestCancelled(t *testing.T) {
	errClosed := errors.New("closed for today")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errClosed)
	var said strings.Builder
	require.ErrorIs(t, lockOrder(ctx, &said), errClosed)
	require.Empty(t, said.String())
}

func TestTellingOfPython(t *testing.T) {
	const library = `  File "/usr/lib/python3.11/threading.py", line 982 in run` + "\n"
	tests := []struct {
		name, output string
		want         []string
	}{
		{"no dump", "soup\n\ncake\r\n", []string{"soup", "cake"}},
		{"a dump", "soup\nTimeout (0:00:02)!\n" +
			"Thread 0x01 (most recent call first):\n" + library + `  File "/tmp/broken.py", line 6 in put` + "\n" + `  File "/tmp/broken.py", line 7 in cook` + "\n\n" +
			"Thread 0x02 [cook] (most recent call first):\n" + `  File "C:\tmp\broken.py", line 6 in put` + "\r\n\n" +
			"Current thread 0x03 (most recent call first):\n" + `  File "broken.py", line 30 in <module>` + "\n",
			[]string{"soup", "Timeout (0:00:02)!", "2 threads: broken.py, line 6 in put", "thread: broken.py, line 30 in <module>"}},
		{"a thread of the library's", "Timeout (0:00:02)!\nThread 0x01 (most recent call first):\n" + library, []string{"Timeout (0:00:02)!"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.want, tellingOfPython(test.output, "broken.py"))
		})
	}
}
