package gil

import (
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/timeline"
)

// What is tested here can't be seen from outside, or by luck only: the lock is
// asked what it counts, and gets signals that nobody would send.

func newLock(t *testing.T, rec *timeline.Recorder) *GIL {
	t.Helper()
	lock, err := New(DefaultInterval, rec)
	require.NoError(t, err)
	return lock
}

func TestOnlyAnotherHolderIsASwitch(t *testing.T) {
	for turns, want := range map[string]int{"a": 1, "aa": 1, "ab": 2, "aba": 3, "aabbba": 3} {
		lock := newLock(t, nil)
		threads := map[rune]*Thread{'a': lock.Thread("a"), 'b': lock.Thread("b")}
		for _, name := range turns {
			threads[name].Run(func() {})
		}
		require.Equal(t, want, lock.switchNumber, "%q took turns", turns)
	}
}

// A thread waits while another holds the lock for 23 ms. It's patient for 5 ms,
// and if it's woken in vain meanwhile, for another 5 from then on.
func TestAskingAndWakingInVain(t *testing.T) {
	for _, c := range []struct {
		name         string
		woken        []time.Duration // in vain
		switchNumber time.Duration   // when it counts one more, or 0
		asked        time.Duration
	}{
		{name: "left alone, it asks", asked: 5 * ms},
		{name: "woken in vain, it waits anew", woken: []time.Duration{3 * ms}, asked: 8 * ms},
		{name: "twice", woken: []time.Duration{3 * ms, 7 * ms}, asked: 12 * ms},
		{name: "a switch makes it wait anew", switchNumber: 3 * ms, asked: 10 * ms},
	} {
		t.Run(c.name, func(t *testing.T) {
			inVirtualTime(t, func() {
				lock := newLock(t, nil)
				a, b := lock.Thread("a"), lock.Thread("b")
				a.Take()
				var wg sync.WaitGroup
				wg.Go(func() { b.Run(func() {}) })
				for _, at := range c.woken {
					time.AfterFunc(at, func() {
						lock.mu.Lock()
						defer lock.mu.Unlock()
						lock.cond.signal()
					})
				}
				if c.switchNumber > 0 {
					time.AfterFunc(c.switchNumber, func() {
						lock.mu.Lock()
						defer lock.mu.Unlock()
						lock.switchNumber++
					})
				}
				var asked time.Duration
				for start := time.Now(); time.Since(start) < 23*ms; time.Sleep(ms / 2) {
					if asked == 0 && lock.dropRequest.Load() {
						asked = time.Since(start).Truncate(ms)
					}
				}
				a.Drop()
				wg.Wait()
				require.Equal(t, c.asked, asked)
				require.False(t, lock.dropRequest.Load(), "it has what it asked for")
			})
		})
	}
}

// The one that waits here is in no hurry to take the lock: it never does.
func TestForcedSwitchingOnlyIfAsked(t *testing.T) {
	for _, asked := range []bool{false, true} {
		inVirtualTime(t, func() {
			lock := newLock(t, nil)
			a, b := lock.Thread("a"), lock.Thread("b")
			a.Take()
			lock.cond.waiters = append(lock.cond.waiters, make(chan struct{}))
			lock.dropRequest.Store(asked)
			start, waited := time.Now(), time.Duration(0)
			var wg sync.WaitGroup
			wg.Go(func() {
				a.Drop()
				waited = time.Since(start)
			})
			time.Sleep(time.Second)
			require.False(t, lock.dropRequest.Load(), "the drop answers the request")
			b.Take()
			wg.Wait()
			b.Drop()
			want := time.Duration(0)
			if asked {
				want = time.Second
			}
			require.Equal(t, want, waited, "asked: %v", asked)
		})
	}
}

func TestNewHolderOwesNothing(t *testing.T) {
	lock := newLock(t, nil)
	lock.dropRequest.Store(true) // to the one before
	lock.Thread("a").Take()
	require.False(t, lock.dropRequest.Load())
}

func TestSignalWakesTheFirstOrTheLast(t *testing.T) {
	woken := make(map[int]bool)
	for range 100 {
		var c condition
		for range 4 {
			c.waiters = append(c.waiters, make(chan struct{}))
		}
		all := slices.Clone(c.waiters)
		c.signal()
		require.Len(t, c.waiters, 3)
		for i, w := range all {
			select {
			case <-w:
				woken[i] = true
				require.NotContains(t, c.waiters, w)
			default:
			}
		}
	}
	require.Equal(t, []int{0, 3}, slices.Sorted(maps.Keys(woken)))
	new(condition).signal() // for nobody
}

// Once its time is over, a thread waits no longer: no signal is lost to it.
func TestNoSignalForThoseWhoHaveLeft(t *testing.T) {
	inVirtualTime(t, func() {
		var mu sync.Mutex
		var c condition
		mu.Lock()
		require.True(t, c.wait(&mu, ms))
		require.Empty(t, c.waiters)
		mu.Unlock()
	})
}

func TestBlockAndRunWhenTheyPanic(t *testing.T) {
	lock := newLock(t, nil)
	a, b := lock.Thread("a"), lock.Thread("b")
	require.PanicsWithValue(t, "fire", func() { a.Run(func() { panic("fire") }) })
	b.Take() // a has let go of it
	b.Drop()

	a.Take()
	require.PanicsWithValue(t, "fire", func() {
		a.Block(func() {
			b.Run(func() {})
			panic("fire")
		})
	})
	a.Check() // it holds the lock again
	a.Drop()
}

func TestEachStepIsMadeUnderTheLock(t *testing.T) {
	inVirtualTime(t, func() {
		lock := newLock(t, nil)
		a, b := lock.Thread("a"), lock.Thread("b")
		var wg sync.WaitGroup
		for _, thread := range []*Thread{a, b} {
			wg.Go(func() {
				thread.Run(func() {
					thread.Compute(100, func() {
						require.True(t, thread.holds)
						require.True(t, lock.locked)
						require.Same(t, thread, lock.lastHolder)
						step()
					})
				})
			})
		}
		wg.Wait()
		require.False(t, lock.locked)
	})
}
