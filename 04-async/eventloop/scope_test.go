package eventloop

import (
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Where requests to end meet: the cases beyond asyncio's own.
func TestScopes(t *testing.T) {
	restate(t, []restated{
		{"three_timeouts_and_a_cancel_at_once", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			err := cancelledAfter(co, 10*ms, func(co *Coroutine) error {
				return Timeout(co, 10*ms, func(co *Coroutine) error {
					return Timeout(co, 10*ms, func(co *Coroutine) error { return Timeout(co, 10*ms, naps(s)) })
				})
			})
			require.NotErrorIs(t, err, ErrTimeout)
			return err
		}},
		{"outer_ends_in_the_inner_ones_cleanup", ErrTimeout, func(t *testing.T, co *Coroutine) error {
			err := Timeout(co, 10*ms, func(co *Coroutine) error {
				err := Timeout(co, 5*ms, func(co *Coroutine) error {
					err := Sleep(co, s) // 5 ms: its own time is over
					require.ErrorIs(t, Sleep(co, s), ErrCancelled, "10 ms: and the outer one's")
					return err
				})
				require.ErrorIs(t, err, ErrCancelled)
				require.NotErrorIs(t, err, ErrTimeout)
				return err
			})
			require.ErrorContains(t, err, "after 10ms")
			return err
		}},
		{"cancelled_before_a_timeout_of_zero", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			var me *Task[none]
			me = task(co, func(co *Coroutine) error { me.Cancel(nil); return Timeout(co, 0, naps(s)) })
			err := end(co, me)
			require.NotErrorIs(t, err, ErrTimeout)
			return err
		}},
		{"woken_cancelled_and_timed_out_in_one_turn", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			f := NewFuture[none](co)
			later(co, 10*ms, func() { f.Set(none{}) })
			return cancelledAfter(co, 10*ms, func(co *Coroutine) error {
				err := Timeout(co, 10*ms, func(co *Coroutine) error { _, err := Await(co, f); return err })
				require.NoError(t, err, "it was given")
				return Sleep(co, s) // and the Timeout took back only its own
			})
		}},
		{"group_in_a_timeout_delivers_the_outermost_again", errBurnt, func(t *testing.T, co *Coroutine) error {
			var after error
			err := cancelledAfter(co, 5*ms, func(co *Coroutine) error {
				err := Timeout(co, 10*ms, func(co *Coroutine) error {
					return InGroup(co, func(g *Group) error {
						g.Go(func(co *Coroutine) error { Sleep(co, s); return spills(s, errBurnt)(co) })
						return nil
					})
				})
				after = Sleep(co, s)
				return err
			})
			require.ErrorIs(t, after, ErrCancelled)
			return err
		}},
		{"child_joins_its_failure_to_the_cancellation", errBurnt, func(t *testing.T, co *Coroutine) error {
			err := InGroup(co, func(g *Group) error {
				g.Go(func(co *Coroutine) error { return errors.Join(Sleep(co, s), errBurnt) })
				Sleep(co, 0)
				return errCold
			})
			onlyFailed(t, err, errCold)
			return err
		}},
		{"childs_cleanup_is_not_cancelled_by_the_same_reason", nil, func(t *testing.T, co *Coroutine) error {
			// Both are cancelled with one cancellation; the child hears first.
			var cleanup error
			parent := task(co, func(co *Coroutine) error {
				return InGroup(co, func(g *Group) error {
					g.Go(func(co *Coroutine) error { err := Sleep(co, s); cleanup = Sleep(co, s); return err })
					Sleep(co, 0)
					child := g.tasks[0]
					c := newCancellation(nil)
					later(co, ms, func() { child.co.cancel(c); g.co.cancel(c) })
					return Sleep(co, s)
				})
			})
			require.ErrorIs(t, end(co, parent), ErrCancelled)
			return cleanup
		}},
		{"group_go_in_the_last_moment", nil, func(t *testing.T, co *Coroutine) error {
			var g *Group
			late := false
			var ended Event
			task(co, func(co *Coroutine) error {
				ended.Wait(co)
				Sleep(co, 0)
				g.Go(func(co *Coroutine) error { err := Sleep(co, time.Minute); late = true; return err })
				return nil
			})
			err := InGroup(co, func(group *Group) error {
				g = group
				g.Go(func(co *Coroutine) error { Sleep(co, s); ended.Set(); return nil })
				return nil
			})
			require.True(t, late, "it is awaited")
			return err
		}},
		{"group_passes_a_second_cancellation_on", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			start := time.Now()
			parent := task(co, func(co *Coroutine) error {
				return InGroup(co, func(g *Group) error {
					g.Go(func(co *Coroutine) error { Sleep(co, s); return Sleep(co, time.Hour) }) // refuses the first
					return nil
				})
			})
			for range 2 {
				Sleep(co, ms)
				parent.Cancel(nil)
			}
			err := end(co, parent)
			require.Equal(t, 2*ms, time.Since(start))
			return err
		}},
		{"retrying_body_ends_with_the_outer_timeout", ErrTimeout, func(t *testing.T, co *Coroutine) error {
			tries := 0
			err := Timeout(co, 3500*ms, func(co *Coroutine) error {
				for {
					tries++
					if err := Timeout(co, s, naps(time.Hour)); !errors.Is(err, ErrTimeout) {
						return err
					}
				}
			})
			require.Equal(t, 4, tries)
			return err
		}},
		{"supervisor_hears_of_the_end", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			rounds := 0
			err := cancelledAfter(co, ms, func(co *Coroutine) error {
				for {
					rounds++
					err := InGroup(co, func(g *Group) error { g.Go(spills(s, errBurnt)); return nil })
					require.ErrorIs(t, err, errBurnt)
					if err := Sleep(co, s); err != nil { // and again
						return err
					}
				}
			})
			require.Equal(t, 1, rounds)
			return err
		}},
		{"group_of_a_failed_body_is_cancelled_while_it_waits", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			return cancelledAfter(co, s, func(co *Coroutine) error {
				err := InGroup(co, func(g *Group) error {
					g.Go(func(co *Coroutine) error { err := Sleep(co, time.Hour); Sleep(co, time.Minute); return err })
					Sleep(co, 0)
					return errBurnt
				})
				onlyFailed(t, err, errBurnt)
				return Sleep(co, time.Minute)
			})
		}},
	})
}

// What a deferred call starts in a loop that was broken off does not run, not even
// in a coroutine that is used again.
func TestGoInABrokenLoop(t *testing.T) {
	before := runtime.NumGoroutine()
	ran := false
	ended := make(chan none)
	go func() {
		defer close(ended)
		Run(t.Context(), func(co *Coroutine) error {
			task(co, func(co *Coroutine) error {
				defer func() { task(co, func(*Coroutine) error { ran = true; return nil }) }()
				return Sleep(co, time.Hour)
			})
			end(co, task(co, naps(0))) // which leaves a coroutine to be used again
			runtime.Goexit()
			return nil
		})
	}()
	<-ended
	require.False(t, ran)
	for runtime.NumGoroutine() > before {
		runtime.Gosched()
	}
}
