package primitive

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

func TestIsSet(t *testing.T) { // test_is_set
	var e Event
	require.False(t, e.IsSet())
	e.Set()
	e.Set() // twice is as once
	require.True(t, e.IsSet())
	e.Clear()
	e.Clear()
	require.False(t, e.IsSet())
}

func TestEventWakesAll(t *testing.T) { // test_notify, test_set_and_clear
	for _, clear := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var e Event
			var woken atomic.Int64
			var waiters sync.WaitGroup
			for round := range int64(3) {
				for range 5 {
					waiters.Go(func() {
						if e.Wait(t.Context()) == nil {
							woken.Add(1)
						}
					})
				}
				synctest.Wait()
				e.Set()
				if clear {
					e.Clear() // who waited goes on all the same
				}
				waiters.Wait()
				require.Equal(t, 5*(round+1), woken.Load())
				require.Equal(t, !clear, e.IsSet())
			}
		})
	}
}

// A Clear of an event that isn't set changes nothing for those that wait.
func TestClearWhileSomeWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e Event
		var waiter sync.WaitGroup
		waiter.Go(func() { require.NoError(t, e.Wait(t.Context())) })
		synctest.Wait()
		e.Clear()
		e.Set()
		waiter.Wait()
	})
}

// Sets and clears meet: all that wait go on.
func TestSetMeetsClear(t *testing.T) { // in real time, under the race detector
	var e Event
	var all, setters sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 2000 {
				require.NoError(t, e.Wait(t.Context()))
				e.Clear()
			}
		})
	}
	over := make(chan struct{})
	for range 2 {
		setters.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
					for range 100 {
						e.Set()
					}
					runtime.Gosched()
				}
			}
		})
	}
	all.Wait()
	close(over)
	setters.Wait()
}

func TestDone(t *testing.T) {
	var e Event
	before := e.Done()
	select {
	case <-before:
		t.Fatal("not set yet")
	default:
	}
	e.Set()
	<-before
	<-e.Done()
	e.Clear()
	<-before
	select {
	case <-e.Done():
		t.Fatal("cleared")
	default:
	}

	e.Set() // before anybody asks
	<-e.Done()
	require.NoError(t, e.Wait(t.Context()))
}
