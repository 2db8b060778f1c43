package gil

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/timeline"
	"concurrency-notebook/internal/virtual"
)

const ms = time.Millisecond

// step takes 2 ms here: so that no step ends in the moment in which patience does.
func step() { time.Sleep(2 * ms) }

func inVirtualTime(t *testing.T, f func()) {
	t.Helper()
	require.NoError(t, virtual.Run(t.Context(), func(context.Context) error { f(); return nil }))
}

// spans returns when a lane of the recording held the lock, in ms.
func spans(rec *timeline.Recorder, lane string) (held [][2]int) {
	for _, l := range rec.Timeline() {
		for _, s := range l.Spans {
			if l.Name == lane {
				held = append(held, [2]int{int(s.Start / ms), int(s.End / ms)})
			}
		}
	}
	return held
}

func TestThreadsTakeTurns(t *testing.T) {
	inVirtualTime(t, func() {
		rec := timeline.Start()
		lock, err := New(DefaultInterval, rec)
		require.NoError(t, err)
		a, b := lock.Thread("a"), lock.Thread("b")
		a.Take()
		var wg sync.WaitGroup
		wg.Go(func() { b.Run(func() { b.Compute(4, step) }) })
		a.Compute(6, step)
		a.Drop()
		wg.Wait()
		// Each is asked 5 ms after the other began to wait, and looks at the
		// end of its step.
		require.Equal(t, [][2]int{{0, 6}, {12, 18}, {20, 20}}, spans(rec, "a"))
		require.Equal(t, [][2]int{{6, 12}, {18, 20}}, spans(rec, "b"))
		require.Equal(t, 5, lock.switchNumber)
	})
}

func TestPatienceBeginsAnewWithEachSwitch(t *testing.T) {
	inVirtualTime(t, func() {
		rec := timeline.Start()
		lock, err := New(DefaultInterval, rec)
		require.NoError(t, err)
		a := lock.Thread("a")
		a.Take()
		var wg sync.WaitGroup
		for i, name := range []string{"b", "c"} {
			wg.Go(func() {
				time.Sleep(time.Duration(1+4*i) * ms / 2) // b comes at 0.5, c at 2.5
				thread := lock.Thread(name)
				thread.Run(func() { thread.Compute(4, step) })
			})
		}
		a.Compute(10, step)
		a.Drop()
		wg.Wait()
		// b asks at 5.5, and b or c has the lock at 6. The other has been patient
		// for 5 ms before 11, but has seen that switch, and asks nobody; a does,
		// at 11.
		require.Equal(t, [2]int{0, 6}, spans(rec, "a")[0])
		second := spans(rec, "b")[0]
		if second[0] != 6 {
			second = spans(rec, "c")[0]
		}
		require.Equal(t, [2]int{6, 12}, second)
	})
}

func TestLongStepIsNotInterrupted(t *testing.T) {
	inVirtualTime(t, func() {
		lock, err := New(DefaultInterval, nil)
		require.NoError(t, err)
		a, b := lock.Thread("a"), lock.Thread("b")
		a.Take()
		var waited time.Duration
		var wg sync.WaitGroup
		wg.Go(func() {
			start := time.Now()
			b.Run(func() { waited = time.Since(start) })
		})
		a.Compute(1, func() { time.Sleep(100 * ms) }) // a C function
		a.Drop()
		wg.Wait()
		require.Equal(t, 100*ms, waited, "twenty times the interval")
	})
}

func TestBlockedThreadDoesNotHoldTheLock(t *testing.T) {
	inVirtualTime(t, func() {
		lock, err := New(DefaultInterval, nil)
		require.NoError(t, err)
		start := time.Now()
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				thread := lock.Thread("waits")
				thread.Run(func() { thread.Block(func() { time.Sleep(time.Second) }) })
			})
		}
		wg.Wait()
		require.Equal(t, time.Second, time.Since(start))
	})
}

// One thread at a time, whatever they do: under the race detector, a counter
// without any other lock shows it.
func TestOneAtATime(t *testing.T) {
	lock, err := New(time.Microsecond, nil)
	require.NoError(t, err)
	inside, sum, crowded := 0, 0, 0
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			thread := lock.Thread("counts")
			thread.Run(func() {
				thread.Compute(500, func() {
					inside++
					if inside != 1 {
						crowded++
					}
					sum++
					inside--
				})
				thread.Block(func() {})
			})
		})
	}
	wg.Wait()
	require.Equal(t, 2000, sum)
	require.Zero(t, crowded)
}

func TestMisuse(t *testing.T) {
	for _, interval := range []time.Duration{0, -time.Second} {
		_, err := New(interval, nil)
		require.EqualError(t, err, "switch interval must be strictly positive")
	}
	lock, err := New(DefaultInterval, nil)
	require.NoError(t, err)
	const released = "the function must be called with the GIL held, but the GIL is released (the current Python thread state is NULL)"
	thread := lock.Thread("a")
	require.PanicsWithValue(t, released, thread.Check)
	require.PanicsWithValue(t, released, thread.Drop)
	require.PanicsWithValue(t, "drop_gil: GIL is not locked", func() { lock.drop(thread) })
	thread.Run(func() {
		require.PanicsWithValue(t, "_PyThreadState_Attach: non-NULL old thread state", thread.Take)
	})
	require.PanicsWithValue(t, released, func() { thread.Block(func() {}) })
}

func BenchmarkCheck(b *testing.B) {
	lock, err := New(DefaultInterval, nil)
	require.NoError(b, err)
	thread := lock.Thread("a")
	thread.Take()
	for b.Loop() {
		thread.Check()
	}
	thread.Drop()
}
