package primitive

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestQueueLimits(t *testing.T) {
	require.PanicsWithValue(t, "primitive: a queue for -1 items", func() { NewQueue[int](-1) })
	ended, cancel := context.WithCancel(t.Context())
	cancel() // only what need not wait
	var zero Queue[int]
	for _, c := range []struct {
		q    *Queue[int]
		most int
	}{{NewQueue[int](1), 1}, {NewQueue[int](3), 3}, {NewQueue[int](0), 1000}, {&zero, 1000}} {
		for i := range c.most {
			require.NoError(t, c.q.Put(ended, i))
		}
		require.Equal(t, c.most, c.q.Len())
		if c.most < 1000 {
			require.ErrorIs(t, c.q.Put(ended, 0), context.Canceled)
		}
		for i := range c.most {
			item, err := c.q.Get(ended)
			require.NoError(t, err)
			require.Equal(t, i, item)
		}
		_, err := c.q.Get(ended)
		require.ErrorIs(t, err, context.Canceled)
	}
}

// The queue is what a slice is, whatever is put and got.
func FuzzQueue(f *testing.F) {
	f.Add([]byte{1, 1, 0, 1, 0, 0, 0})
	f.Fuzz(func(t *testing.T, moves []byte) {
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		q := NewQueue[int](5)
		var model []int
		for i, move := range moves {
			if move%2 == 1 {
				if err := q.Put(ended, i); len(model) < 5 {
					require.NoError(t, err)
					model = append(model, i)
				} else {
					require.Error(t, err)
				}
			} else if item, err := q.Get(ended); len(model) > 0 {
				require.NoError(t, err)
				require.Equal(t, model[0], item)
				model = model[1:]
			} else {
				require.Error(t, err)
			}
			require.Equal(t, len(model), q.Len())
		}
	})
}

func TestEachItemOnce(t *testing.T) { // in real time, under the race detector
	const producers, consumers, items = 3, 4, 300
	q := NewQueue[[2]int](5)
	var mu sync.Mutex
	got := make(map[[2]int]int)
	var putting, getting sync.WaitGroup
	for p := range producers {
		putting.Go(func() {
			for i := range items {
				require.NoError(t, q.Put(t.Context(), [2]int{p, i}))
			}
		})
	}
	for range consumers {
		getting.Go(func() {
			last := map[int]int{0: -1, 1: -1, 2: -1}
			for {
				item, err := q.Get(t.Context())
				if err != nil {
					require.ErrorIs(t, err, ErrShutdown)
					return
				}
				require.Greater(t, item[1], last[item[0]], "the oldest first")
				last[item[0]] = item[1]
				mu.Lock()
				got[item]++
				mu.Unlock()
				q.TaskDone()
			}
		})
	}
	putting.Wait()
	require.NoError(t, q.Join(t.Context()))
	q.Shutdown(false)
	getting.Wait()
	require.Len(t, got, producers*items)
	for _, times := range got {
		require.Equal(t, 1, times)
	}
}

func TestQueueGivesMemoryBack(t *testing.T) {
	var q Queue[int]
	for i := range 100_000 {
		require.NoError(t, q.Put(t.Context(), i))
	}
	for range 100_010 {
		_, err := q.Get(t.Context())
		require.NoError(t, err)
		if q.Len() < 10 {
			require.NoError(t, q.Put(t.Context(), 0))
		}
	}
	require.Less(t, cap(q.items.in)+cap(q.items.out), 1000)
}

func TestTryPutAndTryGet(t *testing.T) { // put_nowait and get_nowait
	q := NewQueue[string](1)
	_, ok := q.TryGet()
	require.False(t, ok)
	require.True(t, q.TryPut("soup"))
	require.False(t, q.TryPut("cake"), "it is full")
	q.Shutdown(false)
	item, ok := q.TryGet()
	require.True(t, ok)
	require.Equal(t, "soup", item)
	require.False(t, q.TryPut("cake"), "it is shut down")
	_, ok = q.TryGet()
	require.False(t, ok)
}

// What comes belongs to the one that has waited longest, and a newcomer can't
// take it.
func TestNewcomersWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQueue[string](1)
		var all sync.WaitGroup
		var got []string
		for range 2 {
			all.Go(func() {
				item, err := q.Get(t.Context())
				require.NoError(t, err)
				got = append(got, item)
			})
			synctest.Wait()
		}
		require.True(t, q.TryPut("soup"))
		_, ok := q.TryGet()
		require.False(t, ok, "the soup belongs to the first, though it has not run yet")
		synctest.Wait()
		require.Equal(t, []string{"soup"}, got)
		require.True(t, q.TryPut("cake"))
		all.Wait()

		require.True(t, q.TryPut("tea"))
		all.Go(func() { require.NoError(t, q.Put(t.Context(), "pie")) })
		synctest.Wait()
		item, ok := q.TryGet()
		require.True(t, ok)
		require.Equal(t, "tea", item)
		require.False(t, q.TryPut("rice"), "the place belongs to the pie, though it is not there yet")
		all.Wait()
		item, _ = q.TryGet()
		require.Equal(t, "pie", item)
		require.Zero(t, q.toItems)
		require.Zero(t, q.toPlaces)
	})
}

// Eight who take whatever they can, as fast as they can, don't keep a ninth from
// its share.
func TestNobodyStarvesAtAQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q Queue[int]
		const takers, rounds = 9, 20
		var taken [takers]int
		var all sync.WaitGroup
		for i := range takers {
			all.Go(func() {
				for {
					if _, err := q.Get(t.Context()); err != nil {
						return
					}
					taken[i]++
					if i == 0 {
						time.Sleep(time.Millisecond) // it comes last to the end of the line
					}
				}
			})
		}
		synctest.Wait()
		for range rounds {
			for i := range takers {
				require.True(t, q.TryPut(i))
			}
			time.Sleep(time.Second)
			synctest.Wait()
		}
		q.Shutdown(false)
		all.Wait()
		for _, n := range taken {
			require.Equal(t, rounds, n)
		}
	})
}

// Items, the ends of contexts and a shutdown meet: each item is got once or
// thrown away, and nobody is left behind.
func TestShutdownMeetsGet(t *testing.T) {
	for round := range 1000 {
		immediate := round%2 == 0
		q := NewQueue[int](1)
		ctx, cancel := context.WithCancel(t.Context())
		var got, put atomic.Int64
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				if q.Put(ctx, i) == nil {
					put.Add(1)
				}
			})
			all.Go(func() {
				if _, err := q.Get(ctx); err == nil {
					got.Add(1)
					q.TaskDone()
				}
			})
		}
		all.Go(cancel)
		all.Go(func() { q.Shutdown(immediate) })
		all.Wait()
		require.Zero(t, q.toItems)
		require.Zero(t, q.toPlaces)
		for _, l := range []line{q.notEmpty, q.notFull} {
			require.Zero(t, l)
		}
		for _, ok := q.TryGet(); ok; _, ok = q.TryGet() {
			got.Add(1)
			q.TaskDone()
		}
		require.NoError(t, q.Join(t.Context()))
		if immediate {
			require.LessOrEqual(t, got.Load(), put.Load())
		} else {
			require.Equal(t, put.Load(), got.Load())
		}
	}
}

func TestTwoJoin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q Queue[string]
		require.True(t, q.TryPut("soup"))
		var all sync.WaitGroup
		var joined atomic.Int64
		for range 2 {
			all.Go(func() {
				require.NoError(t, q.Join(t.Context()))
				joined.Add(1)
			})
		}
		synctest.Wait()
		require.Zero(t, joined.Load())
		q.TaskDone()
		synctest.Wait()
		require.Equal(t, int64(2), joined.Load())
		all.Wait()
	})
}

func TestTaskDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q Queue[string]
		require.NoError(t, q.Join(t.Context()), "nothing to wait for")
		require.Panics(t, q.TaskDone)
		require.NoError(t, q.Put(t.Context(), "soup"))
		start := time.Now()
		var cook sync.WaitGroup
		cook.Go(func() {
			_, err := q.Get(t.Context())
			require.NoError(t, err)
			time.Sleep(time.Hour)
			q.TaskDone()
		})
		require.NoError(t, q.Join(t.Context()))
		require.Equal(t, time.Hour, time.Since(start))
		require.Panics(t, q.TaskDone)
		cook.Wait()
	})
}

func TestShutdown(t *testing.T) { // of Lib/test/test_queue.py
	for _, immediate := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			q := NewQueue[string](1)
			require.NoError(t, q.Put(t.Context(), "soup"))
			var putErr, getErr [2]error
			var joinErr error
			var empty Queue[string]
			var all sync.WaitGroup
			for i := range 2 {
				all.Go(func() { putErr[i] = q.Put(t.Context(), "cake") })
				all.Go(func() { _, getErr[i] = empty.Get(t.Context()) })
			}
			all.Go(func() { joinErr = q.Join(t.Context()) })
			synctest.Wait()
			q.Shutdown(immediate)
			empty.Shutdown(immediate)
			synctest.Wait()
			require.Equal(t, [2]error{ErrShutdown, ErrShutdown}, putErr)
			require.Equal(t, [2]error{ErrShutdown, ErrShutdown}, getErr)
			require.ErrorIs(t, q.Put(t.Context(), "tea"), ErrShutdown)
			if !immediate {
				item, err := q.Get(t.Context())
				require.NoError(t, err)
				require.Equal(t, "soup", item)
				q.TaskDone()
			}
			_, err := q.Get(t.Context())
			require.ErrorIs(t, err, ErrShutdown)
			all.Wait()
			require.NoError(t, joinErr)
			require.Panics(t, q.TaskDone)
		})
	}
}
