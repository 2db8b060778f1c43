package primitive

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParties(t *testing.T) { // test_constructor, test_single_thread
	require.PanicsWithValue(t, "primitive: a barrier for 0 parties", func() { NewBarrier(0, nil) })
	require.PanicsWithValue(t, "primitive: a barrier for -1 parties", func() { NewBarrier(-1, nil) })
	require.Panics(t, func() { new(Barrier).Wait(t.Context()) })
	alone := NewBarrier(1, nil)
	for range 2 {
		index, err := alone.Wait(t.Context())
		require.NoError(t, err)
		require.Zero(t, index)
	}
}

// In real time: the race detector sees whether what happened before a Wait is
// seen after it.
func TestBarrier(t *testing.T) { // test_barrier_10, test_wait_return, test_action
	const parties, rounds = 5, 10
	actions := 0
	b := NewBarrier(parties, func() { actions++ })
	var indexes [rounds][parties]int // how often each was returned
	var mu sync.Mutex
	var all sync.WaitGroup
	for range parties {
		all.Go(func() {
			for round := range rounds {
				index, err := b.Wait(t.Context())
				require.NoError(t, err)
				require.Equal(t, round+1, actions, "the next round cannot end without this party")
				mu.Lock()
				indexes[round][index]++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	for _, got := range indexes {
		require.Equal(t, [parties]int{1, 1, 1, 1, 1}, got)
	}
}

// arrive lets so many parties arrive, and returns what they get.
func arrive(ctx context.Context, b *Barrier, parties int) (wait func() []error) {
	errs := make([]error, parties)
	var all sync.WaitGroup
	for i := range parties {
		all.Go(func() { _, errs[i] = b.Wait(ctx) })
	}
	synctest.Wait()
	return func() []error { all.Wait(); return errs }
}

func TestBreak(t *testing.T) { // test_abort, test_reset, test_abort_and_reset, test_timeout
	for _, c := range []struct {
		name   string
		end    func(b *Barrier)
		broken bool
	}{
		{"abort", (*Barrier).Abort, true},
		{"reset", (*Barrier).Reset, false},
		{"abort and reset", func(b *Barrier) { b.Abort(); b.Reset() }, false},
		{"abort twice", func(b *Barrier) { b.Abort(); b.Abort() }, true},
		{"time", func(b *Barrier) { time.Sleep(time.Hour) }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := NewBarrier(3, nil)
				patient, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errHurry)
				defer cancel()
				first := arrive(patient, b, 1)
				second := arrive(t.Context(), b, 1)
				require.Equal(t, 2, b.Waiting())
				c.end(b)
				require.ErrorIs(t, first()[0], ErrBroken)
				require.ErrorIs(t, second()[0], ErrBroken)
				require.Equal(t, c.name == "time", context.Cause(patient) != nil)
				if c.name == "time" {
					require.ErrorIs(t, first()[0], errHurry, "who lost patience hears why")
				}
				require.Equal(t, c.broken, b.Broken())
				require.Zero(t, b.Waiting())
				if c.broken {
					_, err := b.Wait(t.Context())
					require.ErrorIs(t, err, ErrBroken)
					b.Reset()
				}
				require.Equal(t, []error{nil, nil, nil}, arrive(t.Context(), b, 3)(), "as new")
			})
		})
	}
}

func TestActionPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBarrier(2, func() { panic("the soup is burnt") })
		first := arrive(t.Context(), b, 1)
		require.PanicsWithValue(t, "the soup is burnt", func() { b.Wait(t.Context()) })
		require.Equal(t, []error{ErrBroken}, first())
		require.True(t, b.Broken())
	})
}
