package primitive

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestConditionOverALock(t *testing.T) { // test_acquire
	var mu sync.Mutex
	c := NewCondition(&mu)
	c.Lock()
	require.False(t, mu.TryLock())
	c.Unlock()
	require.True(t, mu.TryLock())
	mu.Unlock()
}

func TestConditionWithoutItsLock(t *testing.T) { // test_unacquired_wait, test_unacquired_notify
	var own Condition
	require.Panics(t, func() { NewCondition(nil) })
	for _, c := range []*Condition{&own, NewCondition(new(sync.Mutex)), NewCondition(new(sync.RWMutex))} {
		for method, call := range map[string]func(){
			"Wait":    func() { c.Wait(t.Context()) },
			"WaitFor": func() { c.WaitFor(t.Context(), func() bool { return false }) },
			"Notify":  func() { c.Notify(1) }, "NotifyAll": c.NotifyAll,
		} {
			require.Panics(t, call, method)
			c.Lock() // and the lock is free
			require.Zero(t, c.waiting)
			c.Unlock()
		}
	}
}

func TestNotify(t *testing.T) { // test_notify
	synctest.Test(t, func(t *testing.T) {
		var c Condition
		woken := 0
		var waiters sync.WaitGroup
		for range 5 {
			waiters.Go(func() {
				c.Lock()
				defer c.Unlock()
				for range 2 {
					if c.Wait(t.Context()) == nil {
						woken++
					}
				}
			})
		}
		for _, step := range []struct{ n, want int }{
			{0, 0}, {3, 3}, {5, 8}, // five: two in their first wait, three in their second
			{1, 9}, {everybody, 10}, {everybody, 10}, // more than there are
		} {
			synctest.Wait()
			c.Lock()
			c.Notify(step.n)
			c.Unlock()
			synctest.Wait()
			require.Equal(t, step.want, woken)
		}
		waiters.Wait()
	})
}

func TestNotifyWakesTheLongestWaitingFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c Condition
		var order []int
		var waiters sync.WaitGroup
		for i := range 4 {
			waiters.Go(func() {
				c.Lock()
				defer c.Unlock()
				c.Wait(t.Context())
				order = append(order, i)
			})
			synctest.Wait()
		}
		for range 4 {
			c.Lock()
			c.Notify(1)
			c.Unlock()
			synctest.Wait()
		}
		waiters.Wait()
		require.Equal(t, []int{0, 1, 2, 3}, order)
	})
}

func TestWaitFor(t *testing.T) { // test_waitfor, test_waitfor_timeout
	for _, c := range []struct {
		name    string
		reach   int
		timeout time.Duration
		want    error
	}{
		{"in time", 4, time.Hour, nil},
		{"too late", 3, time.Hour, errHurry},
		{"not notified, but true when the time is over", 4, 35 * time.Minute, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeoutCause(t.Context(), c.timeout, errHurry)
				defer cancel()
				var condition Condition
				state := 0
				var waiter sync.WaitGroup
				waiter.Go(func() {
					condition.Lock()
					defer condition.Unlock()
					require.ErrorIs(t, condition.WaitFor(ctx, func() bool { return state == 4 }), c.want)
				})
				for range c.reach {
					time.Sleep(10 * time.Minute)
					condition.Lock()
					if state++; c.timeout == time.Hour {
						condition.Notify(1)
					} else if state == 3 {
						state++ // nobody is told
					}
					condition.Unlock()
				}
				waiter.Wait()
			})
		})
	}
}

func TestTwoConditionsOnOneLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		notEmpty, notFull := NewCondition(&mu), NewCondition(&mu)
		woken := ""
		var waiters sync.WaitGroup
		for name, c := range map[string]*Condition{"not empty": notEmpty, "not full": notFull} {
			waiters.Go(func() {
				c.Lock()
				defer c.Unlock()
				c.Wait(t.Context())
				woken += name + ";"
			})
		}
		synctest.Wait()
		for _, c := range []*Condition{notFull, notEmpty} {
			mu.Lock()
			c.NotifyAll()
			mu.Unlock()
			synctest.Wait()
		}
		waiters.Wait()
		require.Equal(t, "not full;not empty;", woken)
	})
}
