package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
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
		"bounded_queue_asyncio.py": boundedQueue, "once_asyncio.py": once, "singleflight_asyncio.py": fetchWithSingleflight,
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

// A program that prints that it's done once prints another number if what makes
// it so is taken out: otherwise it would prove nothing.
func TestProgramsCanFail(t *testing.T) {
	found, err := cpython.Find(t.Context(), "")
	if err != nil {
		t.Skip(err)
	}
	for _, c := range []struct{ script, from, to, not string }{
		{"once.py", "with printing:", "if True:", "printed: 1\n"},
		{"once_asyncio.py", "asyncio.create_task(print_menu())", "await print_menu()", "printed: 1\n"},
		{"singleflight.py", "fetches(Prices.price)", "fetches(Prices.look_or_fetch)", "fetched 1\n"},
		{"singleflight.py", "first = dish not in self.flights", "first = True", "fetched 1\n"},
		{"singleflight_asyncio.py", "if dish not in self.flights:", "if True:", "fetched 1\n"},
	} {
		t.Run(c.script+", "+c.to, func(t *testing.T) {
			source, err := files.ReadFile(c.script)
			require.NoError(t, err)
			require.Contains(t, string(source), c.from)
			broken := strings.ReplaceAll(string(source), c.from, c.to)
			// Flights that are there twice can't be removed twice, nor what is no
			// task be shielded: that's another failure.
			broken = strings.ReplaceAll(broken, "del self.flights[dish]", "self.flights.pop(dish, None)")
			broken = strings.ReplaceAll(broken, "self.flights.setdefault(dish, Future())", "Future()")
			broken = strings.ReplaceAll(broken, "return await asyncio.shield(self.printing)", "return self.printing")
			printed, err := found.Output(t.Context(), fstest.MapFS{c.script: {Data: []byte(broken)}}, c.script)
			require.NoError(t, err)
			require.NotContains(t, printed, c.not)
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
