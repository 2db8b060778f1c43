package eventloop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// virtually runs a program in virtual time, on the portable poller.
func virtually(t *testing.T, main func(t *testing.T, co *Coroutine) error) error {
	var err error
	synctest.Test(t, func(t *testing.T) {
		l := &Loop{Portable: true, Warn: func(m string) { t.Log(m) }}
		err = l.Run(t.Context(), func(co *Coroutine) error { return main(t, co) })
		require.Empty(t, l.coroutines)
		require.Empty(t, l.timers.heap)
	})
	return err
}

var errBurnt = errors.New("the soup is burnt")

func TestSleepersWakeInOrder(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		start := time.Now()
		var log []string
		say := func(format string, args ...any) {
			log = append(log, fmt.Sprint(time.Since(start))+" "+fmt.Sprintf(format, args...))
		}
		var tasks []*Task[int]
		for i, d := range []time.Duration{3, 1, 2, 1} {
			tasks = append(tasks, Go(co, func(co *Coroutine) (int, error) {
				say("%d starts", i)
				err := Sleep(co, d*time.Minute)
				say("%d ends", i)
				return i * i, err
			}))
		}
		squares, err := Gather(co, tasks...)
		require.NoError(t, err)
		require.Equal(t, []int{0, 1, 4, 9}, squares)
		require.Equal(t, "0s 0 starts; 0s 1 starts; 0s 2 starts; 0s 3 starts; 1m0s 1 ends; 1m0s 3 ends; 2m0s 2 ends; 3m0s 0 ends", strings.Join(log, "; "))
		return nil
	}))
}

func TestTurnsAreTakenInOrder(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		log := ""
		for _, name := range []string{"a", "b"} {
			Go(co, func(co *Coroutine) (struct{}, error) {
				for range 3 {
					log += name
					Sleep(co, 0)
				}
				return struct{}{}, nil
			})
		}
		co.Loop().CallSoon(func() { log += "!" })
		Sleep(co, time.Second)
		require.Equal(t, "ab!abab", log)
		return nil
	}))
}

func TestRunReturnsMainsError(t *testing.T) {
	require.ErrorIs(t, Run(t.Context(), func(*Coroutine) error { return errBurnt }), errBurnt)
	err := Run(t.Context(), func(*Coroutine) error { panic("no soup") })
	var p *PanicError
	require.ErrorAs(t, err, &p)
	require.Equal(t, "no soup", p.Value)
	require.Contains(t, string(p.Stack), "loop_test.go")
}

func TestFailureOfATaskThatNobodyAwaits(t *testing.T) {
	err := virtually(t, func(t *testing.T, co *Coroutine) error {
		fail := func(*Coroutine) (int, error) { return 0, errBurnt }
		awaited := Go(co, fail)
		Go(co, fail)
		_, err := Await(co, awaited)
		require.ErrorIs(t, err, errBurnt)
		return nil
	})
	require.EqualError(t, err, "eventloop: a task failed and nothing awaited it: the soup is burnt")
}

func TestRestIsCancelledAndCleansUp(t *testing.T) {
	log := ""
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		Go(co, func(co *Coroutine) (struct{}, error) {
			err := Sleep(co, time.Hour)
			log += fmt.Sprint(errors.Is(err, ErrCancelled))
			Sleep(co, time.Minute) // to clean up takes a while
			log += " cleaned up"
			return struct{}{}, err
		})
		return Sleep(co, time.Second)
	}))
	require.Equal(t, "true cleaned up", log)
}

// Who awaits another task passes its cancellation on. So the last one here is
// cancelled three times when Run ends, and hears of it once.
func TestCancelledSeveralTimesAtOnce(t *testing.T) {
	log := ""
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		inner := Go(co, func(co *Coroutine) (int, error) {
			err := Sleep(co, time.Hour)
			log += fmt.Sprint(errors.Is(err, ErrCancelled), Sleep(co, time.Minute))
			return 0, err
		})
		for range 2 {
			Go(co, func(co *Coroutine) (int, error) { return Await(co, inner) })
		}
		return Sleep(co, time.Second)
	}))
	require.Equal(t, "true <nil>", log)
}

func TestContextCancelsMain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, errBurnt)
		defer cancel()
		err := (&Loop{Portable: true}).Run(ctx, func(co *Coroutine) error { return Sleep(co, time.Hour) })
		require.ErrorIs(t, err, ErrCancelled)
		require.ErrorIs(t, err, errBurnt)
	})
}

func TestCancel(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		begun := false
		never := Go(co, func(*Coroutine) (int, error) { begun = true; return 1, nil })
		never.Cancel(errBurnt)
		_, err := Await(co, never)
		require.ErrorIs(t, err, ErrCancelled)
		require.ErrorIs(t, err, errBurnt)
		require.False(t, begun)

		inner := Go(co, func(co *Coroutine) (int, error) {
			require.ErrorIs(t, Sleep(co, time.Hour), ErrCancelled)
			return 7, nil // it has a mind of its own
		})
		outer := Go(co, func(co *Coroutine) (int, error) { return Await(co, inner) })
		Sleep(co, 0)
		Sleep(co, 0)
		outer.Cancel(nil)
		seven, err := Await(co, outer)
		require.NoError(t, err)
		require.Equal(t, 7, seven)
		outer.Cancel(nil) // it is done

		itself := NewFuture[*Task[int]](co)
		itself.Set(Go(co, func(co *Coroutine) (int, error) {
			me, err := Await(co, itself)
			require.NoError(t, err)
			me.Cancel(errBurnt)
			require.ErrorIs(t, Sleep(co, 0), errBurnt, "at the next await")
			return 0, Sleep(co, 0)
		}))
		me, _ := Await(co, itself)
		_, err = Await(co, me)
		require.NoError(t, err, "delivered once")
		return nil
	}))
}

func TestFuture(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		f := NewFuture[string](co)
		co.Loop().CallLater(time.Minute, func() { f.Set("tea") })
		stop := co.Loop().CallLater(time.Minute, func() { t.Error("stopped") })
		stop()
		stop()
		start := time.Now()
		tea, err := Await(co, f)
		require.NoError(t, err)
		require.Equal(t, "tea", tea)
		require.Equal(t, time.Minute, time.Since(start))
		require.Panics(t, func() { f.Set("coffee") })
		require.Panics(t, func() { f.Fail(errBurnt) })
		tea, _ = Await(co, f)
		require.Equal(t, "tea", tea)
		require.True(t, f.Done())
		return nil
	}))
}

func TestTimeout(t *testing.T) {
	sleep := func(d time.Duration) func(*Coroutine) error {
		return func(co *Coroutine) error { return Sleep(co, d) }
	}
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		require.NoError(t, Timeout(co, time.Hour, sleep(time.Minute)))
		err := Timeout(co, time.Minute, sleep(time.Hour))
		require.ErrorIs(t, err, ErrTimeout)
		require.NotErrorIs(t, err, ErrCancelled)

		// The inner one ends first, and is not taken for the outer one.
		require.NoError(t, Timeout(co, time.Hour, func(co *Coroutine) error {
			require.ErrorIs(t, Timeout(co, time.Minute, sleep(2*time.Hour)), ErrTimeout)
			return nil
		}))
		// And the other way round.
		err = Timeout(co, time.Minute, func(co *Coroutine) error {
			return Timeout(co, time.Hour, sleep(2*time.Hour))
		})
		require.ErrorContains(t, err, "1m0s")

		// A cancellation from outside stays one.
		task := Go(co, func(co *Coroutine) (int, error) { return 0, Timeout(co, time.Hour, sleep(2*time.Hour)) })
		Sleep(co, time.Minute)
		task.Cancel(nil)
		_, err = Await(co, task)
		require.ErrorIs(t, err, ErrCancelled)
		require.NotErrorIs(t, err, ErrTimeout)
		return nil
	}))
}

func TestGatherWhenOneFails(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		slow := Go(co, func(co *Coroutine) (int, error) { return 1, Sleep(co, time.Hour) })
		burnt := Go(co, func(co *Coroutine) (int, error) { return 0, errBurnt })
		start := time.Now()
		_, err := Gather(co, slow, burnt)
		require.ErrorIs(t, err, errBurnt)
		require.Zero(t, time.Since(start))
		_, err = Await(co, slow)
		require.NoError(t, err, "it has run on")
		require.Equal(t, time.Hour, time.Since(start))
		none, err := Gather[int](co)
		require.NoError(t, err)
		require.Empty(t, none)
		return nil
	}))
}

func TestGatherCancelled(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		ended := 0
		var tasks []*Task[int]
		for range 3 {
			tasks = append(tasks, Go(co, func(co *Coroutine) (int, error) {
				err := Sleep(co, time.Hour)
				ended++
				return 0, err
			}))
		}
		err := Timeout(co, time.Minute, func(co *Coroutine) error {
			_, err := Gather(co, tasks...)
			require.Equal(t, 3, ended)
			return err
		})
		require.ErrorIs(t, err, ErrTimeout)
		return nil
	}))
}

func TestGroup(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		start := time.Now()
		log := ""
		cook := func(name string, d time.Duration, err error) func(*Coroutine) error {
			return func(co *Coroutine) error {
				if e := Sleep(co, d); e != nil {
					log += name + " cancelled;"
					return e
				}
				log += name + ";"
				return err
			}
		}
		require.NoError(t, InGroup(co, func(g *Group) error {
			g.Go(cook("soup", 2*time.Minute, nil))
			g.Go(cook("tea", time.Minute, nil))
			return nil
		}))
		require.Equal(t, "tea;soup;", log)
		require.Equal(t, 2*time.Minute, time.Since(start))

		// The first failure cancels the others, and the body.
		log = ""
		err := InGroup(co, func(g *Group) error {
			g.Go(cook("tea", time.Hour, nil))
			g.Go(cook("soup", time.Minute, errBurnt))
			return cook("body", time.Hour, nil)(co)
		})
		require.EqualError(t, err, errBurnt.Error())
		require.Equal(t, "soup;tea cancelled;body cancelled;", sorted(log))
		require.Equal(t, 3*time.Minute, time.Since(start))
		require.NoError(t, Sleep(co, 0), "nothing is left of the cancellation")

		// The body's failure cancels the tasks.
		log = ""
		err = InGroup(co, func(g *Group) error {
			g.Go(cook("tea", time.Hour, nil))
			Sleep(co, 0)
			return errBurnt
		})
		require.EqualError(t, err, errBurnt.Error())
		require.Equal(t, "tea cancelled;", log)

		// A cancellation from outside goes to all of them.
		log = ""
		err = Timeout(co, time.Minute, func(co *Coroutine) error {
			return InGroup(co, func(g *Group) error {
				g.Go(cook("tea", time.Hour, nil))
				g.Go(cook("soup", time.Hour, nil))
				return nil
			})
		})
		require.ErrorIs(t, err, ErrTimeout)
		require.Equal(t, "tea cancelled;soup cancelled;", log)
		return nil
	}))
}

// sorted puts what the body said, which may come in between, last.
func sorted(log string) string {
	const body = "body cancelled;"
	if strings.Contains(log, body) {
		return strings.Replace(log, body, "", 1) + body
	}
	return log
}

func TestToThreadReturnsBoth(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		start := time.Now()
		block := func() (string, error) { time.Sleep(time.Hour); return "soup", errBurnt }
		soup, err := ToThread(co, block)
		require.Equal(t, "soup", soup)
		require.ErrorIs(t, err, errBurnt)
		require.Equal(t, time.Hour, time.Since(start))

		err = Timeout(co, time.Minute, func(co *Coroutine) error {
			_, err := ToThread(co, block)
			return err
		})
		require.ErrorIs(t, err, ErrTimeout)
		require.Equal(t, time.Hour+time.Minute, time.Since(start))
		return nil
	}))
}

func TestWarnings(t *testing.T) {
	var warnings []string
	synctest.Test(t, func(t *testing.T) {
		l := &Loop{Portable: true, SlowCallback: 100 * time.Millisecond, Warn: func(m string) { warnings = append(warnings, m) }}
		require.NoError(t, l.Run(t.Context(), func(co *Coroutine) error {
			time.Sleep(200 * time.Millisecond) // blocks the loop
			l.CallSoon(func() { panic("no tea") })
			Sleep(co, 0)
			return Sleep(co, 0)
		}))
		require.Error(t, l.Run(t.Context(), func(*Coroutine) error { return nil }), "a Loop runs once")
	})
	require.Len(t, warnings, 2)
	require.Equal(t, "a step took 200ms, and nothing else could run", warnings[0])
	require.Contains(t, warnings[1], "a callback panicked: no tea\n")
}

// The echo server of all tests: it runs until its task is cancelled.
func serveEcho(co *Coroutine, l *Listener) error {
	return InGroup(co, func(g *Group) error {
		for {
			s, err := l.Accept(co)
			if err != nil {
				return err
			}
			g.Go(func(co *Coroutine) error {
				defer s.Close()
				buffer := make([]byte, 1024)
				for {
					n, err := s.Read(co, buffer)
					if err == io.EOF {
						return nil
					} else if err != nil {
						return err
					}
					if _, err := s.Write(co, buffer[:n]); err != nil {
						return err
					}
				}
			})
		}
	})
}

// pollers calls the test with each poller there is, on real sockets.
func pollers(t *testing.T, test func(t *testing.T, l *Loop)) {
	for _, portable := range []bool{false, true} {
		t.Run(fmt.Sprintf("portable=%t", portable), func(t *testing.T) {
			test(t, &Loop{Portable: portable, Warn: func(m string) { t.Log(m) }})
		})
	}
}

func TestEcho(t *testing.T) {
	pollers(t, func(t *testing.T, loop *Loop) {
		require.NoError(t, loop.Run(t.Context(), func(co *Coroutine) error {
			l, err := Listen(co, "127.0.0.1:0")
			require.NoError(t, err)
			server := Go(co, func(co *Coroutine) (int, error) { return 0, serveEcho(co, l) })
			err = InGroup(co, func(g *Group) error {
				for i := range 20 {
					g.Go(func(co *Coroutine) error {
						s, err := Dial(co, l.Addr().String())
						if err != nil {
							return err
						}
						defer s.Close()
						for j := range 20 {
							want := fmt.Sprintf("%03d %03d", i, j)
							if _, err := s.Write(co, []byte(want)); err != nil {
								return err
							}
							got := make([]byte, len(want))
							if _, err := s.ReadFull(co, got); err != nil {
								return err
							}
							require.Equal(t, want, string(got))
						}
						return nil
					})
				}
				return nil
			})
			require.NoError(t, err)
			server.Cancel(nil)
			_, err = Await(co, server)
			require.ErrorIs(t, err, ErrCancelled)
			return nil
		}))
	})
}
