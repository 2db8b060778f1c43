package program

import (
	"embed"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

//go:embed testdata
var files embed.FS

const limit = 20 * time.Second

func build(t *testing.T, mode Mode, name string) *Program {
	t.Helper()
	p, err := Build(t.Context(), mode, files, "testdata/"+name)
	if missing := (*CannotBuild)(nil); err != nil {
		require.ErrorAs(t, err, &missing)
		t.Skip(missing)
	}
	t.Cleanup(p.Remove)
	return p
}

func TestDeadlockIsSeen(t *testing.T) {
	ran, err := build(t, Plain, "deadlock").Run(t.Context(), limit)
	require.NoError(t, err)
	require.Equal(t, 2, ran.ExitCode)
	require.False(t, ran.TimedOut)
	require.True(t, strings.HasPrefix(ran.Output, "fatal error: all goroutines are asleep - deadlock!\n"), ran.Output)
}

func TestRaceIsReported(t *testing.T) {
	ran, err := build(t, Race, "race").Run(t.Context(), limit)
	require.NoError(t, err)
	require.Equal(t, 66, ran.ExitCode)
	races := Races(ran.Output)
	require.Len(t, races, 1, ran.Output)
	require.Regexp(t, `^(read|write) in main\.main(\.func1)? \(main\.go:\d+\), previous (read|write) in main\.main(\.func1)? \(main\.go:\d+\)$`, races[0])
}

func TestEndlessProgramIsKilled(t *testing.T) {
	ran, err := build(t, Plain, "endless").Run(t.Context(), 20*time.Millisecond)
	require.NoError(t, err)
	require.True(t, ran.TimedOut)
}

func TestBuildErrors(t *testing.T) {
	_, err := Build(t.Context(), Plain, files, "testdata/broken")
	require.ErrorContains(t, err, "building testdata/broken: ")
	require.ErrorContains(t, err, "undefined: undefined")
	t.Setenv("PATH", t.TempDir())
	_, err = Build(t.Context(), Plain, files, "testdata/deadlock")
	require.EqualError(t, err, "the go command, which builds the program, was not found on PATH")
}

func TestNothingIsLeft(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	p := build(t, Plain, "deadlock")
	p.Remove()
	_, _ = Build(t.Context(), Plain, files, "testdata/broken")
	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	require.Empty(t, left)
}
