package program

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// shelf returns a shelf, and the folder for temporary files that it uses.
func shelf(t *testing.T) (*Shelf, string) {
	t.Helper()
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp) // on Windows
	s := NewShelf(files)
	t.Cleanup(s.Close)
	return s, temp
}

// get skips the test where nothing can be built.
func get(t *testing.T, s *Shelf, folder string) *Program {
	t.Helper()
	p, err := s.Get(t.Context(), Plain, folder)
	if missing := (*CannotBuild)(nil); errors.As(err, &missing) {
		t.Skip(missing)
	}
	require.NoError(t, err)
	return p
}

func TestShelfBuildsOnce(t *testing.T) {
	s, temp := shelf(t)
	first := get(t, s, "testdata/deadlock")
	var programs [4]*Program
	var wg sync.WaitGroup
	for i := range programs {
		wg.Go(func() { programs[i], _ = s.Get(t.Context(), Plain, "testdata/endless") })
	}
	wg.Wait()
	for _, p := range programs {
		require.NotNil(t, p)
		require.Same(t, programs[0], p)
	}
	require.NotSame(t, first, programs[0])
	require.Same(t, first, get(t, s, "testdata/deadlock"))
	ran, err := first.Run(t.Context(), limit)
	require.NoError(t, err)
	require.Equal(t, 2, ran.ExitCode)

	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	require.Len(t, left, 1, "one folder for all of them")
	s.Close()
	left, err = os.ReadDir(temp)
	require.NoError(t, err)
	require.Empty(t, left)
	_, err = s.Get(t.Context(), Plain, "testdata/deadlock")
	require.EqualError(t, err, "the shelf of programs is closed")
}

func TestShelfTriesAgain(t *testing.T) {
	needGo(t)
	s, temp := shelf(t)
	gone := errors.New("the reader has gone")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(gone)
	_, err := s.Get(ctx, Plain, "testdata/deadlock")
	require.ErrorIs(t, err, gone)
	get(t, s, "testdata/deadlock")
	for range 2 {
		_, err = s.Get(t.Context(), Plain, "testdata/broken")
		require.ErrorContains(t, err, "undefined: undefined")
	}
	s.Close()
	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestUnusedShelfMakesNoFolder(t *testing.T) {
	s, temp := shelf(t)
	s.Close()
	left, err := os.ReadDir(temp)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestCPUTime(t *testing.T) {
	s, _ := shelf(t)
	ran, err := get(t, s, "testdata/endless").Run(t.Context(), 200*time.Millisecond)
	require.NoError(t, err)
	require.True(t, ran.TimedOut)
	require.Positive(t, ran.Took)
	require.Positive(t, ran.CPU)
}
