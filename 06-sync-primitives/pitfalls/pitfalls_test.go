package main

import (
	"context"
	"errors"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/program"
)

func TestMain(m *testing.M) {
	code := m.Run()
	shelf.Close()
	os.Exit(code)
}

// pitfalls returns the folders of the sections.
func pitfalls() (names []string) {
	for _, s := range chapter.Sections {
		names = append(names, strings.ReplaceAll(s.Name, "-", "_"))
	}
	return names
}

func source(t *testing.T, pitfall, which string) string {
	t.Helper()
	text, err := fs.ReadFile(programs, path.Join(folder(pitfall, which), "main.go"))
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
	for _, name := range pitfalls() {
		want = append(want, folder(name, "broken")+"/main.go", folder(name, "cured")+"/main.go")
	}
	require.ElementsMatch(t, want, files)
}

// TestTheDifferenceIsTheCure checks that the two programs of a pitfall are small
// and differ in few lines.
func TestTheDifferenceIsTheCure(t *testing.T) {
	const most = 15
	for _, name := range pitfalls() {
		broken, cured := strings.Split(source(t, name, "broken"), "\n"), strings.Split(source(t, name, "cured"), "\n")
		same := common(broken, cured)
		gone, added := len(broken)-same, len(cured)-same
		if name == "starvation" {
			gone = 0 // a whole lock, made by hand
		}
		require.Positive(t, added, name)
		require.LessOrEqual(t, gone, most, name)
		require.LessOrEqual(t, added, most, name)
		require.LessOrEqual(t, len(cured), 60, name)
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
	harmless := []string{`"fmt"`, `"os"`, `"runtime"`, `"sync"`, `"time"`}
	for _, name := range pitfalls() {
		for _, which := range []string{"broken", "cured"} {
			file, err := parser.ParseFile(token.NewFileSet(), "main.go", source(t, name, which), parser.ImportsOnly)
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
	for _, name := range pitfalls() {
		args = append(args, "./"+folder(name, "broken"), "./"+folder(name, "cured"))
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
		race    bool
	}{
		{"lost_update", 66, true},
		{"check_then_act", 1, false},
		{"copied_lock", 1, false},
		{"forgotten_wait", 0, false},
		{"closed_channel", 2, false},
		{"goroutine_leak", 1, false},
		{"starvation", 1, false},
		{"thundering_herd", 0, false},
		{"busy_waiting", 0, false},
	}
	for _, test := range tests {
		p, err := shelf.Get(t.Context(), program.Race, folder(test.pitfall, "broken"))
		if missing := (*program.CannotBuild)(nil); errors.As(err, &missing) {
			t.Skip("nothing can be built with the race detector: ", missing)
		}
		require.NoError(t, err)
		ran, err := p.Run(t.Context(), limit)
		require.NoError(t, err)
		require.Equal(t, test.status, ran.ExitCode, "%s: %s", test.pitfall, ran.Output)
		require.Equal(t, test.race, len(program.Races(ran.Output)) > 0, "%s: %s", test.pitfall, ran.Output)
	}
}

func TestWithoutTheGoCommand(t *testing.T) {
	built := shelf
	defer func() { shelf = built }()
	shelf = program.NewShelf(programs)
	defer shelf.Close()
	t.Setenv("PATH", t.TempDir())
	for _, s := range chapter.Sections {
		var said strings.Builder
		require.NoError(t, s.Demo(context.Background(), &said))
		require.Equal(t, "This cannot be shown here: the go command, which builds the program, was not found on PATH\n", said.String())
	}
}
