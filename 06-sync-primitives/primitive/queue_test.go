package primitive

import (
	"context"
	"sync"
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
			var putErr, getErr, joinErr error
			var empty Queue[string]
			var all sync.WaitGroup
			all.Go(func() { putErr = q.Put(t.Context(), "cake") })
			all.Go(func() { _, getErr = empty.Get(t.Context()) })
			all.Go(func() { joinErr = q.Join(t.Context()) })
			synctest.Wait()
			q.Shutdown(immediate)
			empty.Shutdown(immediate)
			synctest.Wait()
			require.ErrorIs(t, putErr, ErrShutdown)
			require.ErrorIs(t, getErr, ErrShutdown)
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
