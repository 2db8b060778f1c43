package eventloop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// Where two things meet in one turn of the loop.

func TestTimeoutThatIsOverTooLate(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		// The time is over, and its callback is ready to run, when f returns.
		Go(co, func(co *Coroutine) (int, error) { time.Sleep(5 * time.Millisecond); return 0, nil })
		require.NoError(t, Timeout(co, 2*time.Millisecond, func(co *Coroutine) error { return Sleep(co, time.Millisecond) }))
		require.NoError(t, Sleep(co, time.Millisecond), "it does not cancel what comes after it")
		return nil
	}))
}

func TestTimeoutWhoseFunctionPanics(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		require.Panics(t, func() { Timeout(co, time.Minute, func(*Coroutine) error { panic("no soup") }) })
		return Sleep(co, time.Hour)
	}))
}

func TestTimeoutThatIsWithdrawn(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		f := NewFuture[int](co)
		co.Loop().CallLater(time.Minute, func() { f.Set(1) })
		require.NoError(t, Timeout(co, time.Minute, func(co *Coroutine) error {
			_, err := Await(co, f) // it is set and cancelled in the same turn
			return err
		}))
		return Sleep(co, time.Minute)
	}))
}

func TestGatherCancelledTwice(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		ended := 0
		gatherer := Go(co, func(co *Coroutine) (int, error) {
			var tasks []*Task[int]
			for range 2 {
				tasks = append(tasks, Go(co, func(co *Coroutine) (int, error) {
					err := Sleep(co, time.Hour)
					Sleep(co, time.Second)
					ended++
					return 0, err
				}))
			}
			err := Timeout(co, time.Minute, func(co *Coroutine) error {
				_, err := Gather(co, tasks...)
				return err
			})
			require.ErrorIs(t, err, errBurnt, "the outer one")
			require.NotErrorIs(t, err, ErrTimeout)
			require.Equal(t, 2, ended, "it awaits the end of all")
			return 0, err
		})
		Sleep(co, time.Minute+time.Millisecond)
		gatherer.Cancel(errBurnt)
		_, err := Await(co, gatherer)
		require.ErrorIs(t, err, errBurnt)
		return nil
	}))
}

func TestGatherCancelledAsOneFails(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		start := time.Now()
		gatherer := Go(co, func(co *Coroutine) (int, error) {
			slow := Go(co, func(co *Coroutine) (int, error) { return 0, Sleep(co, time.Hour) })
			burnt := Go(co, func(co *Coroutine) (int, error) { Sleep(co, time.Minute); return 0, errBurnt })
			_, err := Gather(co, slow, burnt)
			if errors.Is(err, ErrCancelled) {
				require.True(t, slow.Done())
			}
			return 0, err
		})
		co.Loop().CallLater(time.Minute, func() { gatherer.Cancel(nil) })
		_, err := Await(co, gatherer)
		require.Error(t, err)
		require.Equal(t, time.Minute, time.Since(start))
		return nil
	}))
}

func TestGroupWhoseBodyPanics(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		ended := false
		var p *PanicError
		func() {
			defer func() { p = recover().(*PanicError) }()
			InGroup(co, func(g *Group) error {
				g.Go(func(co *Coroutine) error {
					defer func() { ended = true }()
					return Sleep(co, time.Hour)
				})
				Sleep(co, 0)
				panic("no soup")
			})
		}()
		require.True(t, ended)
		require.Equal(t, "no soup", p.Value)
		require.Contains(t, string(p.Stack), "edge_test.go")
		return nil
	}))
}

func TestGroupIsOver(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		start := time.Now()
		var kept *Group
		err := InGroup(co, func(g *Group) error {
			kept = g
			g.Go(func(*Coroutine) error { return errBurnt })
			for Sleep(co, 0) == nil { // until it hears of it
			}
			g.Go(func(co *Coroutine) error { return Sleep(co, time.Hour) })
			return nil
		})
		require.ErrorIs(t, err, errBurnt)
		require.Zero(t, time.Since(start), "what is started after a failure does not begin")
		require.Panics(t, func() { kept.Go(func(*Coroutine) error { return nil }) })
		return nil
	}))
}

func TestGroupAbortsABodyThatIsAtItsEnd(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		err := InGroup(co, func(g *Group) error {
			g.Go(func(co *Coroutine) error { Sleep(co, time.Minute); return errBurnt })
			Sleep(co, 0)
			f := NewFuture[int](co)
			co.loop.CallLater(time.Minute, func() { f.Set(1) })
			_, err := Await(co, f) // woken, and then cancelled, in the same turn
			require.NoError(t, err)
			return nil
		})
		require.ErrorIs(t, err, errBurnt)
		return Sleep(co, 0) // nothing is left of it
	}))
}

func TestQueueWokenInVainAndCancelled(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		var q Queue[string]
		guest := Go(co, func(co *Coroutine) (string, error) { return q.Get(co) })
		Sleep(co, 0)
		require.NoError(t, q.Put(co, "soup"))
		_, err := q.Get(co) // stolen
		require.NoError(t, err)
		guest.Cancel(errBurnt)
		_, err = Await(co, guest)
		require.ErrorIs(t, err, errBurnt)
		return nil
	}))
}

func TestGroupTellsWhy(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		var heard error
		err := InGroup(co, func(g *Group) error {
			g.Go(func(co *Coroutine) error { heard = Sleep(co, time.Hour); return heard })
			Sleep(co, 0)
			return errors.Join(errBurnt, io.EOF)
		})
		require.ErrorIs(t, err, errBurnt)
		require.ErrorIs(t, err, io.EOF)
		require.ErrorIs(t, heard, errBurnt)
		return nil
	}))
}

func TestCleanUpIsNotCancelledAgain(t *testing.T) {
	cleaned := 0
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		clean := func(co *Coroutine) error {
			err := Sleep(co, time.Hour)
			if Sleep(co, time.Minute) == nil {
				cleaned++
			}
			return err
		}
		short := Go(co, func(co *Coroutine) (int, error) { return 0, Sleep(co, time.Second) })
		Go(co, func(co *Coroutine) (int, error) {
			return 0, InGroup(co, func(g *Group) error {
				g.Go(clean)
				return nil
			})
		})
		Go(co, func(co *Coroutine) (int, error) { return 0, clean(co) })
		_, err := Await(co, short)
		return err
	}))
	require.Equal(t, 2, cleaned)
}

func TestTaskStartedInACleanUp(t *testing.T) {
	start := time.Now()
	synctest.Test(t, func(t *testing.T) {
		start = time.Now()
		require.NoError(t, (&Loop{Portable: true}).Run(t.Context(), func(co *Coroutine) error {
			Go(co, func(co *Coroutine) (int, error) {
				err := Sleep(co, time.Hour)
				Go(co, func(co *Coroutine) (int, error) { return 0, Sleep(co, 24*time.Hour) })
				return 0, err
			})
			return Sleep(co, 0)
		}))
		require.Zero(t, time.Since(start))
	})
}

func TestContextEndsWhileOthersCleanUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		require.NoError(t, (&Loop{Portable: true}).Run(ctx, func(co *Coroutine) error {
			Go(co, func(co *Coroutine) (int, error) {
				err := Sleep(co, time.Hour)
				Sleep(co, 24*time.Hour) // a clean-up without an end
				return 0, err
			})
			return Sleep(co, 0)
		}))
		require.Equal(t, time.Minute, time.Since(start))
	})
}

func TestLongestSleep(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		Sleep(co, time.Millisecond)
		forever := Go(co, func(co *Coroutine) (int, error) { return 0, Sleep(co, math.MaxInt64) })
		start := time.Now()
		Sleep(co, time.Second)
		require.Equal(t, time.Second, time.Since(start))
		require.False(t, forever.Done())
		return nil
	}))
}

func TestTasksThatAwaitEachOther(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		var tasks [2]*Task[int]
		for i := range tasks {
			tasks[i] = Go(co, func(co *Coroutine) (int, error) { return Await(co, tasks[1-i]) })
		}
		Sleep(co, 0)
		tasks[0].Cancel(errBurnt)
		for _, task := range tasks {
			_, err := Await(co, task)
			require.ErrorIs(t, err, errBurnt)
		}
		return nil
	}))
}

func TestCancelInAShortSleep(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		task := Go(co, func(co *Coroutine) (int, error) { return 0, Sleep(co, 0) })
		co.Loop().CallSoon(func() { task.Cancel(errBurnt) })
		_, err := Await(co, task)
		require.ErrorIs(t, err, errBurnt)
		return nil
	}))
}

func TestFailureThatWasNotHeard(t *testing.T) {
	err := virtually(t, func(t *testing.T, co *Coroutine) error {
		burnt := Go(co, func(co *Coroutine) (int, error) { return 0, errBurnt })
		waiter := Go(co, func(co *Coroutine) (int, error) { return Await(co, burnt) })
		waiter.Cancel(nil)
		Sleep(co, 0)
		return nil
	})
	require.ErrorIs(t, err, errBurnt)
}

func TestCancelledInEveryLine(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		full := &Queue[int]{Limit: 1}
		require.NoError(t, full.Put(co, 0))
		var empty Queue[int]
		future := NewFuture[int](co)
		for name, wait := range map[string]func(co *Coroutine) error{
			"Put":   func(co *Coroutine) error { return full.Put(co, 1) },
			"Get":   func(co *Coroutine) error { _, err := empty.Get(co); return err },
			"Await": func(co *Coroutine) error { _, err := Await(co, future); return err },
		} {
			err := Timeout(co, time.Minute, wait)
			require.ErrorIs(t, err, ErrTimeout, name)
		}
		require.Empty(t, full.putting)
		require.Empty(t, empty.getting)
		require.Empty(t, future.waiting)
		return nil
	}))
}

func TestOnlyTheOneThatRunsCanAwait(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		co.Loop().CallSoon(func() { require.Panics(t, func() { Sleep(co, time.Second) }) })
		Go(co, func(*Coroutine) (int, error) {
			require.Panics(t, func() { Sleep(co, time.Second) }, "with another one's")
			return 0, nil
		})
		start := time.Now()
		err := Sleep(co, time.Minute)
		require.Equal(t, time.Minute, time.Since(start), "and the other one has not noticed")
		return err
	}))
}

func TestBeforeRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &Loop{Portable: true}
		log := ""
		start := time.Now()
		l.CallSoonThreadsafe(func() { log += "soon " })
		l.CallLater(time.Hour, func() { log += fmt.Sprint(time.Since(start)) })
		require.NoError(t, l.Run(t.Context(), func(co *Coroutine) error { return Sleep(co, 2*time.Hour) }))
		require.Equal(t, "soon 1h0m0s", log)
	})
}

func TestFromOtherGoroutines(t *testing.T) {
	pollers(t, func(t *testing.T, loop *Loop) {
		const each, goroutines = 100, 4
		require.NoError(t, loop.Run(t.Context(), func(co *Coroutine) error {
			done := NewFuture[int](co)
			count := 0
			var all sync.WaitGroup
			for range goroutines {
				all.Go(func() {
					for range each {
						loop.CallSoonThreadsafe(func() {
							if count++; count == goroutines*each {
								done.Set(count)
							}
						})
					}
				})
			}
			_, err := Await(co, done)
			all.Wait()
			return err
		}))
	})
}

func TestExecutorPanicsOrEnds(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		_, err := ToThread(co, func() (int, error) { panic(errBurnt) })
		var p *PanicError
		require.ErrorAs(t, err, &p)
		require.ErrorIs(t, err, errBurnt)
		_, err = ToThread(co, func() (int, error) { runtime.Goexit(); return 0, nil })
		require.ErrorContains(t, err, "Goexit")
		return nil
	}))
}

// A Goexit, as by t.FailNow in a coroutine, ends Run's goroutine too, and leaves
// nothing behind.
func TestGoexit(t *testing.T) {
	pollers(t, func(t *testing.T, loop *Loop) {
		before := runtime.NumGoroutine()
		cleaned := false
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			loop.Run(t.Context(), func(co *Coroutine) error {
				l, err := Listen(co, "127.0.0.1:0")
				if err != nil {
					return err
				}
				Go(co, func(co *Coroutine) (int, error) {
					defer func() { cleaned = true }()
					l.Accept(co)
					return 0, nil
				})
				Sleep(co, 0)
				runtime.Goexit()
				return nil
			})
		}()
		<-ended
		require.True(t, cleaned)
		for runtime.NumGoroutine() > before {
			runtime.Gosched()
		}
	})
}

// On real sockets.

// A reader is woken by its socket, finds nothing, and has been cancelled in
// between.
func TestCancelledAfterItWasWokenInVain(t *testing.T) {
	done := make(chan struct{}, 2)
	withPeer(t, func(c *net.TCPConn) { <-done }, func(t *testing.T, co *Coroutine, s *Stream) {
		reader := Go(co, func(co *Coroutine) (int, error) { return s.Read(co, make([]byte, 1)) })
		Sleep(co, time.Millisecond)
		wakeInVain(s)
		reader.Cancel(errBurnt)
		_, err := Await(co, reader)
		require.ErrorIs(t, err, errBurnt)
		done <- struct{}{}
	})
}

func TestFastPeerDoesNotStarveTheOthers(t *testing.T) {
	const size, step = 1 << 16, 64
	done := make(chan struct{}, 2)
	withPeer(t, func(c *net.TCPConn) {
		c.Write(make([]byte, size))
		<-done
	}, func(t *testing.T, co *Coroutine, s *Stream) {
		Sleep(co, 5*time.Millisecond) // by now all of it is there
		ticks := 0
		ticker := Go(co, func(co *Coroutine) (int, error) {
			for Sleep(co, 0) == nil {
				ticks++
			}
			return 0, nil
		})
		buffer := make([]byte, step)
		for range size / step {
			_, err := s.ReadFull(co, buffer)
			require.NoError(t, err)
		}
		require.GreaterOrEqual(t, ticks, size/step/64-1)
		ticker.Cancel(nil)
		done <- struct{}{}
	})
}

func TestIOGoesOnBesideThoseWhoAreAlwaysReady(t *testing.T) {
	begin := make(chan struct{}, 2)
	withPeer(t, func(c *net.TCPConn) { <-begin; c.Write([]byte("!")) }, func(t *testing.T, co *Coroutine, s *Stream) {
		reader := Go(co, func(co *Coroutine) (int, error) { return s.Read(co, make([]byte, 1)) })
		require.NoError(t, Sleep(co, 0)) // it waits
		begin <- struct{}{}
		for !reader.Done() {
			require.NoError(t, Sleep(co, 0))
		}
		_, err := Await(co, reader)
		require.NoError(t, err)
	})
}

func TestTwoReadOneConnection(t *testing.T) {
	done := make(chan struct{}, 2)
	withPeer(t, func(c *net.TCPConn) { <-done }, func(t *testing.T, co *Coroutine, s *Stream) {
		first := Go(co, func(co *Coroutine) (int, error) { return s.Read(co, make([]byte, 1)) })
		Sleep(co, 0)
		_, err := s.Read(co, make([]byte, 1))
		require.ErrorIs(t, err, errBusy)
		first.Cancel(errBurnt)
		_, err = Await(co, first)
		require.ErrorIs(t, err, errBurnt)
		done <- struct{}{}
		_, err = s.Read(co, make([]byte, 1))
		require.Equal(t, io.EOF, err)
	})
}

func TestManyAcceptAndMainReturns(t *testing.T) {
	pollers(t, func(t *testing.T, loop *Loop) {
		err := loop.Run(t.Context(), func(co *Coroutine) error {
			l, err := Listen(co, "127.0.0.1:0")
			require.NoError(t, err)
			for range 4 {
				Go(co, func(co *Coroutine) (int, error) {
					_, err := l.Accept(co)
					return 0, err
				})
			}
			return Sleep(co, time.Millisecond)
		})
		require.ErrorIs(t, err, errBusy, "one at a time")
	})
}

func TestDialThisMachine(t *testing.T) {
	pollers(t, func(t *testing.T, loop *Loop) {
		require.NoError(t, loop.Run(t.Context(), func(co *Coroutine) error {
			l, err := Listen(co, "127.0.0.1:0")
			require.NoError(t, err)
			_, port, _ := net.SplitHostPort(l.Addr().String())
			s, err := Dial(co, ":"+port)
			require.NoError(t, err)
			return s.Close()
		}))
	})
}
