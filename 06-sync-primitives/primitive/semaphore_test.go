package primitive

import (
	"context"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// counting is what both semaphores do.
type counting interface {
	Acquire(context.Context) error
	TryAcquire() bool
	Release(int)
}

// each calls a test with both kinds of semaphore of so many slots.
func each(t *testing.T, slots int, test func(t *testing.T, s counting)) {
	t.Run("Semaphore", func(t *testing.T) { test(t, NewSemaphore(slots)) })
	t.Run("BoundedSemaphore", func(t *testing.T) { test(t, NewBoundedSemaphore(slots)) })
}

func TestSlots(t *testing.T) { // test_constructor, test_default_value
	require.PanicsWithValue(t, "primitive: a semaphore of -1 slots", func() { NewSemaphore(-1) })
	require.PanicsWithValue(t, "primitive: a semaphore of -1 slots", func() { NewBoundedSemaphore(-1) })
	var zero Semaphore
	var bounded BoundedSemaphore
	for _, s := range []counting{&zero, &bounded, NewSemaphore(1), NewBoundedSemaphore(1)} {
		require.True(t, s.TryAcquire())
		require.False(t, s.TryAcquire())
		s.Release(1)
		require.NoError(t, s.Acquire(t.Context()))
	}
}

func TestTryAcquire(t *testing.T) { // test_acquire, test_try_acquire
	each(t, 2, func(t *testing.T, s counting) {
		require.True(t, s.TryAcquire())
		require.True(t, s.TryAcquire())
		require.False(t, s.TryAcquire())
		s.Release(1)
		require.True(t, s.TryAcquire())
		require.False(t, s.TryAcquire())
		s.Release(2)
		require.True(t, s.TryAcquire())
	})
}

func TestContended(t *testing.T) { // test_acquire_contended, test_multirelease
	synctest.Test(t, func(t *testing.T) {
		s := NewSemaphore(7)
		var holding atomic.Int64
		var clients sync.WaitGroup
		for range 20 {
			clients.Go(func() {
				if s.Acquire(t.Context()) == nil {
					holding.Add(1)
				}
			})
		}
		synctest.Wait()
		require.Equal(t, int64(7), holding.Load())
		for _, n := range []int{1, 5, 7} {
			s.Release(n)
			synctest.Wait()
		}
		clients.Wait()
		require.Equal(t, int64(20), holding.Load())
		require.False(t, s.TryAcquire())
	})
}

func TestAtMostSoMany(t *testing.T) { // in real time, under the race detector
	each(t, 3, func(t *testing.T, s counting) {
		var mu sync.Mutex
		inside, most := 0, 0
		var clients sync.WaitGroup
		for range 10 {
			clients.Go(func() {
				for range 200 {
					require.NoError(t, s.Acquire(t.Context()))
					mu.Lock()
					inside++
					most = max(most, inside)
					mu.Unlock()
					mu.Lock()
					inside--
					mu.Unlock()
					s.Release(1)
				}
			})
		}
		clients.Wait()
		require.LessOrEqual(t, most, 3)
		for range 3 {
			require.True(t, s.TryAcquire(), "all are back")
		}
		require.False(t, s.TryAcquire())
	})
}

func TestNobodyOvertakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSemaphore(0)
		var waiter sync.WaitGroup
		waiter.Go(func() { require.NoError(t, s.Acquire(t.Context())) })
		synctest.Wait()
		s.Release(1)
		require.False(t, s.TryAcquire(), "the slot belongs to the one that waited, though it has not run yet")
		waiter.Wait()
	})
}

func TestAcquireTimeout(t *testing.T) { // test_acquire_timeout
	each(t, 1, func(t *testing.T, s counting) {
		synctest.Test(t, func(t *testing.T) {
			short, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			require.NoError(t, s.Acquire(short))
			require.ErrorIs(t, s.Acquire(short), context.DeadlineExceeded)
			s.Release(1)
			require.NoError(t, s.Acquire(short), "it is free: nobody needs to wait")
			require.False(t, s.TryAcquire(), "the acquire that failed took nothing")
		})
	})
}

func TestRelease(t *testing.T) { // test_release_unacquired
	s := NewSemaphore(1)
	s.Release(1) // grows, as Python's does
	require.True(t, s.TryAcquire())
	require.True(t, s.TryAcquire())
	require.False(t, s.TryAcquire())

	for _, c := range []struct {
		taken, n int
		want     string
	}{
		{0, 1, "primitive: a release of 1 slots of a BoundedSemaphore that has 3, with 3 free: it was released too many times"},
		{2, 3, "primitive: a release of 3 slots of a BoundedSemaphore that has 3, with 1 free: it was released too many times"},
		{2, 0, "primitive: a release of 0 slots"},
		{2, -1, "primitive: a release of -1 slots"},
		{2, 2, ""},
	} {
		s := NewBoundedSemaphore(3)
		for range c.taken {
			require.True(t, s.TryAcquire())
		}
		if c.want == "" {
			s.Release(c.n)
			c.taken = 0
		} else {
			require.PanicsWithValue(t, c.want, func() { s.Release(c.n) })
		}
		for range 3 - c.taken { // the count is what it was
			require.True(t, s.TryAcquire())
		}
		require.False(t, s.TryAcquire())
	}
	require.PanicsWithValue(t, "primitive: a release of 0 slots", func() { NewSemaphore(1).Release(0) })
}

// One slot too many doesn't close the semaphore, it panics.
func TestReleaseAsManyAsCanBeCounted(t *testing.T) {
	var zero Semaphore
	require.PanicsWithValue(t, fmt.Sprintf("primitive: a release of %d slots of a Semaphore with 1 free: too many to count", math.MaxInt),
		func() { zero.Release(math.MaxInt) })
	zero.Release(math.MaxInt - 1)
	require.Panics(t, func() { zero.Release(1) })
	require.True(t, zero.TryAcquire())
	zero.Release(1)

	none := NewSemaphore(0)
	none.Release(math.MaxInt)
	require.True(t, none.TryAcquire())

	for _, slots := range []int{0, 1, math.MaxInt} {
		bounded := NewBoundedSemaphore(slots)
		require.Panics(t, func() { bounded.Release(1) })
		require.Panics(t, func() { bounded.Release(math.MaxInt) })
		require.Equal(t, slots > 0, bounded.TryAcquire())
	}
}
