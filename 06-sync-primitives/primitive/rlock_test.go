package primitive

import (
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

func TestReacquire(t *testing.T) { // test_reacquire, test_recursion_count
	var l RLock
	ann, bob := &Owner{"Ann"}, &Owner{"Bob"}
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
	ann, bob := &Owner{"Ann"}, &Owner{"Bob"}
	require.PanicsWithValue(t, "primitive: an RLock released by Ann: it is held by nobody", func() { l.Release(ann) })
	require.NoError(t, l.Acquire(t.Context(), ann))
	require.PanicsWithValue(t, "primitive: an RLock released by Bob: it is held by Ann", func() { l.Release(bob) })
	require.Panics(t, func() { l.Release(nil) })
	require.Panics(t, func() { l.TryAcquire(nil) })
	l.Release(ann)
	require.PanicsWithValue(t, "primitive: an RLock released by Ann: it is held by nobody", func() { l.Release(ann) })
	require.True(t, l.TryAcquire(bob), "nothing is spoiled")
}

func TestOwnersWithoutNamesDiffer(t *testing.T) {
	var l RLock
	require.True(t, l.TryAcquire(new(Owner)))
	require.False(t, l.TryAcquire(new(Owner)))
}

func TestRLockIsHandedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l RLock
		ann, bob := &Owner{"Ann"}, &Owner{"Bob"}
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
