package python

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
)

// startSection starts a section of the tests' twin, which ends with the test at
// the latest, and checks then that its folder is removed.
func startSection(t *testing.T, ctx context.Context, twin Twin) *Running {
	t.Helper()
	i := realPython(t)
	check := emptyTemp(t)
	twin.Name, twin.Files = "01-tests", testFiles
	r, err := i.Start(ctx, twin)
	require.NoError(t, err)
	t.Cleanup(func() {
		r.Stop()
		check()
	})
	return r
}

func TestRoundsAreMadeWhenTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "now")
	now := func(text string) { require.NoError(t, os.WriteFile(path, []byte(text), 0o600)) }
	var done []int
	r := startSection(t, t.Context(), Twin{
		Section:  "seeing",
		Rounds:   3,
		Args:     map[string]any{"path": path},
		Progress: func(n int) { done = append(done, n) },
	})
	for n := range 3 {
		require.Len(t, done, n)
		now(fmt.Sprint(n + 1))
		require.NoError(t, r.Round())
		require.Len(t, done, n+1)
		now("-1") // nobody looks
	}
	require.EqualError(t, r.Round(), "twin of 01-tests, section seeing: asked for one round more than the 3 that it was started for")
	now("4")
	samples, err := r.Finish()
	require.NoError(t, err)
	require.Equal(t, measure.Estimate{Median: 2, Low: 1, High: 3, N: 3}, samples.Estimate("seen"))
	require.Equal(t, 4.0, samples.Estimate("seen after").Median)

	r.Stop()
	again, err := r.Finish()
	require.NoError(t, err)
	require.Equal(t, samples, again)
}

func TestFinishMakesTheOtherRounds(t *testing.T) {
	for made := range 3 {
		t.Run(fmt.Sprint(made), func(t *testing.T) {
			r := startSection(t, t.Context(), Twin{Section: "twice", Rounds: 2})
			for range made {
				require.NoError(t, r.Round())
			}
			samples, err := r.Finish()
			require.NoError(t, err)
			require.Equal(t, 2, samples.Estimate("first").N)
			require.Equal(t, 2, samples.Estimate("second").N)
		})
	}
}

func TestRoundThatIsNotMade(t *testing.T) {
	t.Run("fewer", func(t *testing.T) {
		r := startSection(t, t.Context(), Twin{Section: "one-too-few", Rounds: 3})
		require.NoError(t, r.Round())
		require.EqualError(t, r.Round(), "twin of 01-tests, section one-too-few: asked for round 2, it ended without making it")
		_, err := r.Finish()
		require.NoError(t, err)
	})
	t.Run("none", func(t *testing.T) {
		r := startSection(t, t.Context(), Twin{Section: "imports"})
		require.EqualError(t, r.Round(), "twin of 01-tests, section imports: asked for round 1, it ended without making it")
		samples, err := r.Finish()
		require.NoError(t, err)
		require.Equal(t, 1, samples.Estimate("kettles").N)
	})
}

func TestStartErrors(t *testing.T) {
	real := realPython(t)
	check := emptyTemp(t)
	t.Run("no interpreter", func(t *testing.T) {
		i := &Interpreter{Path: "/nonexistent/python3"}
		_, err := i.Start(t.Context(), Twin{Name: "01-tests", Files: testFiles, Section: "results"})
		require.ErrorIs(t, err, os.ErrNotExist)
		check()
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errClosed)
		_, err := real.Start(ctx, Twin{Name: "01-tests", Files: testFiles, Section: "results"})
		require.Same(t, errClosed, err)
		check()
	})
}

func TestRoundErrors(t *testing.T) {
	tests := map[string]struct {
		good int // rounds before the one that fails
		want string
	}{
		"failing-round": {1, "ZeroDivisionError: division by zero"},
		"garbage-round": {0, `it printed "What is printed here for all to read is a line of words, and"..., which is not a result`},
	}
	for section, test := range tests {
		t.Run(section, func(t *testing.T) {
			want := "twin of 01-tests, section " + section + ": " + test.want
			r := startSection(t, t.Context(), Twin{Section: section})
			for range test.good {
				require.NoError(t, r.Round())
			}
			require.EqualError(t, r.Round(), want)
			require.EqualError(t, r.Round(), want)
			_, err := r.Finish()
			require.EqualError(t, err, want)
		})
	}
}

func TestStartLimit(t *testing.T) {
	i := realPython(t)
	check := emptyTemp(t)
	_, err := i.Start(t.Context(), Twin{Name: "01-tests", Files: testFiles, Section: "hanging-start", Limit: 300 * time.Millisecond})
	require.EqualError(t, err, "twin of 01-tests, section hanging-start: no result within 0.3 s, stopped")
	check()
}

func TestLimitLeavesNothingBehind(t *testing.T) {
	finish := func(r *Running) error { _, err := r.Finish(); return err }
	for _, test := range []struct {
		section string
		good    int // rounds before the step that hangs
		step    func(*Running) error
	}{{"hanging-round", 0, (*Running).Round}, {"hanging", 1, finish}} {
		t.Run(test.section, func(t *testing.T) {
			address, wait := listen(t)
			r := startSection(t, t.Context(), Twin{Section: test.section, Rounds: 1, Args: map[string]any{"address": address}})
			for range test.good {
				require.NoError(t, r.Round())
			}
			r.twin.Limit = 300 * time.Millisecond // from now on: the start may take long
			require.EqualError(t, test.step(r), "twin of 01-tests, section "+test.section+": no result within 0.3 s, stopped")
			wait()
		})
	}
}

func TestStopLeavesNothingBehind(t *testing.T) {
	address, wait := listen(t)
	r := startSection(t, t.Context(), Twin{Section: "hanging", Args: map[string]any{"address": address}})
	require.NoError(t, r.Round())
	r.Stop()
	wait()
	require.EqualError(t, r.Round(), "twin of 01-tests, section hanging: stopped")
	_, err := r.Finish()
	require.EqualError(t, err, "twin of 01-tests, section hanging: stopped")
}

func TestCancelBetweenRoundsLeavesNothingBehind(t *testing.T) {
	address, wait := listen(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	r := startSection(t, ctx, Twin{Section: "hanging", Args: map[string]any{"address": address}})
	require.NoError(t, r.Round())
	cancel(errClosed)
	wait()
	require.Same(t, errClosed, r.Round())
	_, err := r.Finish()
	require.Same(t, errClosed, err)
}

func TestCancelInARoundLeavesNothingBehind(t *testing.T) {
	address, wait := listen(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	r := startSection(t, ctx, Twin{Section: "hanging-round", Args: map[string]any{"address": address}})
	go cancel(errClosed) // as the round is made, or is about to be
	require.Same(t, errClosed, r.Round())
	wait()
}
