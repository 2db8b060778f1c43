package primitive

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestReacquire(t *testing.T) { // test_reacquire, test_recursion_count
	var l RLock
	ann, bob := &Owner{Name: "Ann"}, &Owner{Name: "Bob"}
	for depth := range 3 {
		require.Equal(t, depth, l.depth)
		require.NoError(t, l.Acquire(t.Context(), ann))
		require.False(t, l.TryAcquire(bob))
	}
	for range 3 {
		require.False(t, l.TryAcquire(bob))
		l.Release(ann)
	}
	require.True(t, l.TryAcquire(bob))
	l.Release(bob)
}

func TestReleaseUnacquired(t *testing.T) { // test_release_unacquired, test_different_thread
	var l RLock
	ann, bob := &Owner{Name: "Ann"}, &Owner{Name: "Bob"}
	require.PanicsWithValue(t, "primitive: an RLock released by Ann: it is held by nobody", func() { l.Release(ann) })
	require.NoError(t, l.Acquire(t.Context(), ann))
	require.PanicsWithValue(t, "primitive: an RLock released by Bob: it is held by Ann", func() { l.Release(bob) })
	require.Panics(t, func() { l.Release(nil) })
	require.Panics(t, func() { l.TryAcquire(nil) })
	l.Release(ann)
	require.PanicsWithValue(t, "primitive: an RLock released by Ann: it is held by nobody", func() { l.Release(ann) })
	require.True(t, l.TryAcquire(bob), "nothing is spoiled")
	require.Equal(t, "the next in line", crowded.String(), "between a release and the next in line")
}

func TestOwnersWithoutNamesDiffer(t *testing.T) {
	var l RLock
	require.True(t, l.TryAcquire(new(Owner)))
	require.False(t, l.TryAcquire(new(Owner)))
}

func TestRLockIsHandedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l RLock
		ann, bob := &Owner{Name: "Ann"}, &Owner{Name: "Bob"}
		require.NoError(t, l.Acquire(t.Context(), ann))
		enough := make(chan struct{})
		var waiter sync.WaitGroup
		waiter.Go(func() {
			require.NoError(t, l.Acquire(t.Context(), bob))
			require.NoError(t, l.Acquire(t.Context(), bob))
			<-enough
			l.Release(bob)
			l.Release(bob)
		})
		synctest.Wait()
		l.Release(ann)
		require.False(t, l.TryAcquire(ann), "Bob has waited longer")
		require.Panics(t, func() { l.Release(ann) }, "whether Bob has run already or not")
		close(enough)
		waiter.Wait()
		require.True(t, l.TryAcquire(ann))
	})
}

// While others wait, the owner still has the lock as often as it likes; and once
// they have lost patience the lock is as it was.
func TestReacquireWhileOthersWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l RLock
		ann, bob, eve := &Owner{Name: "Ann"}, &Owner{Name: "Bob"}, &Owner{Name: "Eve"}
		for _, releases := range []bool{false, true} {
			require.NoError(t, l.Acquire(t.Context(), ann))
			patience, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errHurry)
			defer cancel()
			var waiters sync.WaitGroup
			for _, owner := range []*Owner{bob, eve} {
				waiters.Go(func() { require.ErrorIs(t, l.Acquire(patience, owner), errHurry) })
			}
			synctest.Wait()
			require.NoError(t, l.Acquire(t.Context(), ann))
			require.True(t, l.TryAcquire(ann))
			require.False(t, l.TryAcquire(bob))
			require.PanicsWithValue(t, "primitive: an RLock released by Bob: it is held by Ann", func() { l.Release(bob) })
			require.Equal(t, 3, l.depth)
			if releases {
				l.Release(ann)
				l.Release(ann)
			}
			waiters.Wait()
			for range l.depth {
				require.False(t, l.TryAcquire(bob))
				l.Release(ann)
			}
			require.Nil(t, l.word.Load())
			require.True(t, l.TryAcquire(bob))
			l.Release(bob)
		}
	})
}

// The lock goes from one to the next in the order in which they came.
func TestRLockInLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l RLock
		ann := &Owner{Name: "Ann"}
		require.True(t, l.TryAcquire(ann))
		var order []int
		var waiters sync.WaitGroup
		for i := range 4 {
			waiters.Go(func() {
				me := new(Owner)
				require.NoError(t, l.Acquire(t.Context(), me))
				require.NoError(t, l.Acquire(t.Context(), me))
				order = append(order, i)
				require.Equal(t, i == 3, l.word.Load() == me, "the last one doesn't ask who waits")
				l.Release(me)
				l.Release(me)
			})
			synctest.Wait()
		}
		l.Release(ann)
		waiters.Wait()
		require.Equal(t, []int{0, 1, 2, 3}, order)
		require.Nil(t, l.word.Load(), "and then it is free, and nobody need look who waits")
	})
}

func TestOneOwnerAtATime(t *testing.T) { // in real time, under the race detector
	var l RLock
	count := 0
	var owners sync.WaitGroup
	for range 4 {
		owners.Go(func() {
			me := new(Owner)
			for range 500 {
				require.NoError(t, l.Acquire(t.Context(), me))
				require.NoError(t, l.Acquire(t.Context(), me))
				count++
				l.Release(me)
				l.Release(me)
			}
		})
	}
	owners.Wait()
	require.Equal(t, 2000, count)
}

// Two meet at the lock so often that one comes to wait just as the other
// releases it.
func TestTwoMeetAtTheLock(t *testing.T) {
	var l RLock
	count := 0
	var owners sync.WaitGroup
	for range 2 {
		owners.Go(func() {
			me := new(Owner)
			for range 50_000 {
				if l.Acquire(context.Background(), me) == nil {
					count++
					l.Release(me)
				}
			}
		})
	}
	owners.Wait()
	require.Equal(t, 100_000, count)
	require.Nil(t, l.word.Load())
}
