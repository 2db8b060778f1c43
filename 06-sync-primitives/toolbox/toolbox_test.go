package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	cpython "concurrency-notebook/internal/python"
	"concurrency-notebook/internal/virtual"
)

// Where asyncio needs another program than threads do, it prints the same.
func TestAsyncioPrintsWhatGoPrints(t *testing.T) {
	found, err := cpython.Find(t.Context(), "")
	if err != nil {
		t.Skip(err)
	}
	for script, demo := range map[string]func(context.Context, io.Writer) error{
		"once_asyncio.py": once, "singleflight_asyncio.py": fetchWithSingleflight,
	} {
		t.Run(script, func(t *testing.T) {
			var want bytes.Buffer
			require.NoError(t, demo(t.Context(), &want))
			printed, err := found.Output(t.Context(), files, script)
			if tooOld, ok := errors.AsType[*cpython.TooOld](err); ok {
				t.Skip(tooOld)
			}
			require.NoError(t, err)
			require.Equal(t, want.String(), printed)
		})
	}
}

// Threads that only an event can stop are a program of Python's alone.
func TestThreadsStopAtTheFirstError(t *testing.T) {
	found, err := cpython.Find(t.Context(), "")
	if err != nil {
		t.Skip(err)
	}
	printed, err := found.Output(t.Context(), files, "errgroup_threads.py")
	require.NoError(t, err)
	require.Equal(t, "shop A: stopped\nshop B: shop B doesn't answer\nshop C: stopped\n", printed)
}

var errImpatient = errors.New("the guest has lost patience")

// A Signal reaches one of those who wait with a context, also if it wakes one
// whose context ends at the same moment; the other is told why it has waited in
// vain.
func TestSignalGetsThrough(t *testing.T) {
	for _, after := range []time.Duration{30 * time.Second, time.Minute} {
		var told [2]error
		err := virtual.Run(t.Context(), func(ctx context.Context) error {
			cond := sync.NewCond(new(sync.Mutex))
			dishes := 0
			ctx, cancel := context.WithTimeoutCause(ctx, time.Minute, errImpatient)
			defer cancel()
			var guests sync.WaitGroup
			for i := range told {
				guests.Go(func() {
					cond.L.Lock()
					defer cond.L.Unlock()
					if told[i] = waitOnCond(ctx, cond, func() bool { return dishes > 0 }); told[i] == nil {
						dishes--
					}
				})
			}
			time.Sleep(after)
			cond.L.Lock()
			dishes++
			cond.Signal()
			cond.L.Unlock()
			guests.Wait()
			return nil
		})
		require.NoError(t, err)
		if after < time.Minute || told[0] == nil || told[1] == nil {
			require.ElementsMatch(t, []error{nil, errImpatient}, told[:], "after %v", after)
		} else { // both had left before the dish came
			require.Equal(t, [2]error{errImpatient, errImpatient}, told)
		}
	}
}
