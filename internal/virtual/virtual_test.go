package virtual_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/virtual"
)

func TestThreeHoursPassAtOnce(t *testing.T) {
	err := virtual.Run(t.Context(), func(context.Context) error {
		start := time.Now()
		require.Equal(t, time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), start.UTC())
		time.Sleep(3 * time.Hour)
		require.Equal(t, 3*time.Hour, time.Since(start))
		return nil
	})
	require.NoError(t, err)
}

func TestRunWaitsForGoroutines(t *testing.T) {
	var kettle string
	err := virtual.Run(t.Context(), func(context.Context) error {
		go func() {
			time.Sleep(3 * time.Minute)
			kettle = "boils"
		}()
		var cup sync.WaitGroup
		cup.Go(func() { time.Sleep(5 * time.Minute) })
		cup.Wait()
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, "boils", kettle)
}

func TestErrors(t *testing.T) {
	errSoldOut := errors.New("sold out")
	tests := map[string]struct {
		f    func(context.Context) error
		want string
	}{
		"error": {
			func(context.Context) error { return errSoldOut },
			"sold out",
		},
		"deadlock": {
			func(context.Context) error { <-make(chan int); return nil },
			"virtual time: deadlock: all goroutines in bubble are blocked",
		},
		"leak": {
			func(context.Context) error { go func() { <-make(chan int) }(); return nil },
			"virtual time: deadlock: main bubble goroutine has exited but blocked goroutines remain",
		},
		"error and leak": {
			func(context.Context) error { go func() { <-make(chan int) }(); return errSoldOut },
			"sold out\nvirtual time: deadlock: main bubble goroutine has exited but blocked goroutines remain",
		},
		"goexit": {
			func(context.Context) error { runtime.Goexit(); return nil },
			"virtual time: ended by runtime.Goexit",
		},
		"nested": {
			func(ctx context.Context) error {
				return virtual.Run(ctx, func(context.Context) error { return nil })
			},
			"virtual time: synctest.Run called from within a synctest bubble",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.EqualError(t, virtual.Run(t.Context(), test.f), test.want)
		})
	}
	require.Same(t, errSoldOut, virtual.Run(t.Context(), tests["error"].f))
}

func TestPanic(t *testing.T) {
	err := virtual.Run(t.Context(), spillTheTea)
	var panicked *virtual.PanicError
	require.ErrorAs(t, err, &panicked)
	require.Equal(t, "spilt", panicked.Value)
	require.Contains(t, string(panicked.Stack), "spillTheTea")
	require.ErrorContains(t, err, "panic: spilt\n\ngoroutine ")
}

func spillTheTea(context.Context) error { panic("spilt") }

func TestContext(t *testing.T) {
	type order struct{}
	outer, cancel := context.WithCancelCause(context.WithValue(t.Context(), order{}, "tea"))
	ended := false
	err := virtual.Run(outer, func(ctx context.Context) error {
		go func() {
			<-ctx.Done()
			ended = true
		}()
		require.Equal(t, "tea", ctx.Value(order{}))
		require.NoError(t, ctx.Err())

		hour, cancel := context.WithTimeout(ctx, time.Hour)
		defer cancel()
		start := time.Now()
		<-hour.Done()
		require.Equal(t, time.Hour, time.Since(start))
		return nil
	})
	require.NoError(t, err)
	require.True(t, ended)

	errClosed := errors.New("closed for today")
	cancel(errClosed)
	err = virtual.Run(outer, func(context.Context) error { panic("not called") })
	require.Same(t, errClosed, err)
}
