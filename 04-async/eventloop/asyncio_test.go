package eventloop

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// What asyncio's own tests say (Lib/test/test_asyncio in CPython 3.13), restated
// by meaning and under their names, without test_. What doesn't apply, and what
// differs, README.md lists. The cases of streams are in streams_test.go.

// A restated case is a main coroutine, in virtual time, and what Run returns.
type restated struct {
	name string
	want error // with errors.Is; nil: none
	main func(t *testing.T, co *Coroutine) error
}

func restate(t *testing.T, cases []restated) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := virtually(t, c.main)
			if c.want == nil {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, c.want)
			}
		})
	}
}

type none = struct{}

var errCold = errors.New("the tea is cold")

// task starts a task without a value.
func task(co *Coroutine, f func(co *Coroutine) error) *Task[none] {
	return Go(co, func(co *Coroutine) (none, error) { return none{}, f(co) })
}

// end awaits it.
func end(co *Coroutine, t *Task[none]) error { _, err := Await(co, t); return err }

// naps sleeps.
func naps(d time.Duration) func(*Coroutine) error {
	return func(co *Coroutine) error { return Sleep(co, d) }
}

// fails sleeps, and fails then.
func fails(d time.Duration, err error) func(*Coroutine) error {
	return func(co *Coroutine) error {
		if e := Sleep(co, d); e != nil {
			return e
		}
		return err
	}
}

// spills sleeps, and fails even when it is cancelled: “finally: raise”.
func spills(d time.Duration, err error) func(*Coroutine) error {
	return func(co *Coroutine) error { Sleep(co, d); return err }
}

// later calls a function after a while.
func later(co *Coroutine, d time.Duration, f func()) { co.Loop().CallLater(d, f) }

// cancelledAfter runs a task, cancels it after that time and returns how it ends.
func cancelledAfter(co *Coroutine, d time.Duration, f func(co *Coroutine) error) error {
	t := task(co, f)
	Sleep(co, d)
	t.Cancel(nil)
	return end(co, t)
}

// onlyFailed says that an error is one and not the other, and no cancellation.
func onlyFailed(t *testing.T, err, is error, isNot ...error) {
	t.Helper()
	require.ErrorIs(t, err, is)
	for _, not := range append(isNot, ErrCancelled) {
		require.NotErrorIs(t, err, not)
	}
}

const s, ms = time.Second, time.Millisecond

func TestAsyncioTaskGroups(t *testing.T) {
	group := func(fs ...func(*Coroutine) error) func(*Coroutine) error { // the last one is its body
		return func(co *Coroutine) error {
			return InGroup(co, func(g *Group) error {
				for _, f := range fs[:len(fs)-1] {
					g.Go(f)
				}
				return fs[len(fs)-1](co)
			})
		}
	}
	nothing := func(*Coroutine) error { return nil }
	never := func(co *Coroutine) error { return Sleep(co, time.Hour) }
	restate(t, []restated{
		{"taskgroup_01", nil, func(t *testing.T, co *Coroutine) error { // both values are there
			var a, b int
			err := InGroup(co, func(g *Group) error {
				g.Go(func(co *Coroutine) error { a = 42; return Sleep(co, 100*ms) })
				g.Go(func(co *Coroutine) error { b = 11; return Sleep(co, 200*ms) })
				return nil
			})
			require.Equal(t, 53, a+b)
			return err
		}},
		{"taskgroup_02", nil, func(t *testing.T, co *Coroutine) error { // the body waits meanwhile
			start := time.Now()
			err := group(naps(100*ms), naps(200*ms), naps(150*ms))(co)
			require.Equal(t, 200*ms, time.Since(start))
			return err
		}},
		{"taskgroup_03", nil, func(t *testing.T, co *Coroutine) error { // a child is cancelled by hand
			return group(func(co *Coroutine) error {
				return cancelledAfter(co, 10*ms, never)
			}, nothing)(co)
		}},
		{"taskgroup_04", errBurnt, func(t *testing.T, co *Coroutine) error { // the body is cancelled, too
			heard := false
			err := group(fails(0, errBurnt), func(co *Coroutine) error {
				err := never(co)
				heard = errors.Is(err, ErrCancelled)
				return err
			})(co)
			require.True(t, heard)
			onlyFailed(t, err, errBurnt)
			return err
		}},
		{"cancel_children_on_child_error", errBurnt, func(t *testing.T, co *Coroutine) error {
			cancelled := 0
			child := func(co *Coroutine) error {
				err := never(co)
				if errors.Is(err, ErrCancelled) {
					cancelled++
				}
				return err
			}
			err := group(child, child, fails(100*ms, errBurnt), child, nothing)(co)
			require.Equal(t, 3, cancelled)
			onlyFailed(t, err, errBurnt)
			return err
		}},
		{"cancellation", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			return cancelledAfter(co, 100*ms, group(naps(10*s), nothing))
		}},
		{"taskgroup_07", ErrCancelled, func(t *testing.T, co *Coroutine) error { // in its body
			ended := 0
			child := func(co *Coroutine) error { defer func() { ended++ }(); return never(co) }
			err := cancelledAfter(co, 100*ms, group(child, child, child, never))
			require.Equal(t, 3, ended)
			return err
		}},
		{"taskgroup_08", errBurnt, func(t *testing.T, co *Coroutine) error { // cancelled, and children spill
			err := cancelledAfter(co, 100*ms, group(spills(10*s, errBurnt), spills(10*s, errBurnt), never))
			onlyFailed(t, err, errBurnt)
			return err
		}},
		{"taskgroup_09", errBurnt, func(t *testing.T, co *Coroutine) error { // no body: both failures
			err := group(spills(100*ms, errBurnt), spills(10*s, errCold), nothing)(co)
			require.ErrorIs(t, err, errCold)
			return err
		}},
		{"taskgroup_10", errCold, func(t *testing.T, co *Coroutine) error { // the body cleans up and fails
			err := group(fails(100*ms, errBurnt), spills(10*s, errCold))(co)
			require.ErrorIs(t, err, errBurnt)
			return err
		}},
		{"taskgroup_11", errBurnt, func(t *testing.T, co *Coroutine) error { // nested, the inner body waits
			return cancelledAfter(co, 100*ms, group(group(spills(10*s, errBurnt), never)))
		}},
		{"taskgroup_12", errBurnt, func(t *testing.T, co *Coroutine) error { // and the outer has a child
			return cancelledAfter(co, 100*ms, group(naps(10*s), group(spills(10*s, errBurnt), never)))
		}},
		{"taskgroup_13", errBurnt, func(t *testing.T, co *Coroutine) error { // the outer's child fails
			err := group(fails(100*ms, errBurnt), group(fails(10*s, errCold), nothing))(co)
			onlyFailed(t, err, errBurnt, errCold)
			return err
		}},
		{"taskgroup_14", errCold, func(t *testing.T, co *Coroutine) error { // the inner's child fails
			err := group(fails(10*s, errBurnt), group(fails(100*ms, errCold), nothing))(co)
			onlyFailed(t, err, errCold, errBurnt)
			return err
		}},
		{"taskgroup_15", errBurnt, func(t *testing.T, co *Coroutine) error { // a child fails in the body's clean-up
			return cancelledAfter(co, 100*ms, group(fails(300*ms, errBurnt), func(co *Coroutine) error {
				err := Sleep(co, 10*s)
				Sleep(co, 500*ms)
				return err
			}))
		}},
		{"taskgroup_16", errBurnt, func(t *testing.T, co *Coroutine) error { // the same, one task further in
			return cancelledAfter(co, 100*ms, func(co *Coroutine) error {
				return end(co, task(co, group(fails(300*ms, errBurnt), func(co *Coroutine) error {
					err := Sleep(co, 10*s)
					Sleep(co, 500*ms)
					return err
				})))
			})
		}},
		{"taskgroup_17", ErrCancelled, func(t *testing.T, co *Coroutine) error { // no children
			return cancelledAfter(co, 100*ms, group(never))
		}},
		{"taskgroup_18", errBurnt, func(t *testing.T, co *Coroutine) error { // the body makes a failure of it
			err := cancelledAfter(co, 100*ms, group(spills(10*s, errBurnt)))
			onlyFailed(t, err, errBurnt)
			return err
		}},
		{"taskgroup_19", errBurnt, func(t *testing.T, co *Coroutine) error { // a child fails, and so does the body
			err := group(fails(100*ms, errCold), spills(10*s, errBurnt))(co)
			onlyFailed(t, err, errCold)
			return err
		}},
		{"taskgroup_20a", errCold, func(t *testing.T, co *Coroutine) error { // the body panics, and all have ended
			var p *PanicError
			func() {
				defer func() { p = recover().(*PanicError) }()
				group(fails(100*ms, errBurnt), func(co *Coroutine) error { never(co); panic(errCold) })(co)
			}()
			return p
		}},
		{"taskgroup_21a", errCold, func(t *testing.T, co *Coroutine) error { // a child panics
			err := group(func(co *Coroutine) error { Sleep(co, 100*ms); panic(errCold) }, spills(10*s, errBurnt))(co)
			onlyFailed(t, err, errBurnt)
			return err
		}},
		{"taskgroup_22", ErrCancelled, func(t *testing.T, co *Coroutine) error { // cancelled before it began to wait
			return cancelledAfter(co, 50*ms, group(naps(s), naps(2*s), nothing))
		}},
		{"taskgroup_23", nil, func(t *testing.T, co *Coroutine) error { // ended tasks are forgotten
			return InGroup(co, func(g *Group) error {
				for range 100 {
					Sleep(co, 100*ms)
					g.Go(naps(300 * ms))
					require.Less(t, len(g.tasks), 30)
				}
				Sleep(co, s)
				require.Zero(t, g.running)
				return nil
			})
		}},
		{"taskgroup_24", nil, func(t *testing.T, co *Coroutine) error { // a child starts more
			ended := 0
			err := InGroup(co, func(g *Group) error {
				g.Go(func(co *Coroutine) error {
					Sleep(co, 100*ms)
					for i := range time.Duration(2) {
						g.Go(func(co *Coroutine) error { ended++; return Sleep(co, i*100*ms) })
					}
					return nil
				})
				return nil
			})
			require.Equal(t, 2, ended)
			return err
		}},
		{"taskgroup_25", errBurnt, func(t *testing.T, co *Coroutine) error { // hydras, which double
			hydras := 0
			err := InGroup(co, func(g *Group) error {
				var hydra func(co *Coroutine) error
				hydra = func(co *Coroutine) error {
					hydras++
					if err := Sleep(co, 10*ms); err != nil {
						return err
					}
					g.Go(hydra)
					g.Go(hydra)
					return nil
				}
				g.Go(hydra)
				g.Go(func(co *Coroutine) error {
					for hydras < 10 {
						Sleep(co, 15*ms)
					}
					return errBurnt
				})
				return nil
			})
			require.GreaterOrEqual(t, hydras, 10)
			return err
		}},
		{"taskgroup_no_create_task_after_failure", errBurnt, func(t *testing.T, co *Coroutine) error {
			began := false // asyncio raises; here it doesn't begin
			err := InGroup(co, func(g *Group) error {
				g.Go(fails(ms, errBurnt))
				g.Go(func(co *Coroutine) error {
					err := Sleep(co, s)
					g.Go(func(*Coroutine) error { began = true; return nil })
					return err
				})
				return nil
			})
			require.False(t, began)
			return err
		}},
		{"taskgroup_context_manager_exit_raises", errBurnt, func(t *testing.T, co *Coroutine) error {
			err := group(fails(0, errCold), spills(s, errBurnt))(co)
			require.ErrorIs(t, err, errCold)
			require.NoError(t, Sleep(co, ms), "nothing is left of it")
			return err
		}},
		{"taskgroup_finished", nil, func(t *testing.T, co *Coroutine) error {
			var kept *Group
			require.NoError(t, InGroup(co, func(g *Group) error { kept = g; return nil }))
			require.Panics(t, func() { kept.Go(nothing) })
			return nil
		}},
		{"cancelling_level_preserved", nil, func(t *testing.T, co *Coroutine) error {
			onlyFailed(t, group(fails(0, errBurnt), nothing)(co), errBurnt)
			return Sleep(co, ms)
		}},
		{"nested_groups_both_cancelled", errCold, func(t *testing.T, co *Coroutine) error {
			err := InGroup(co, func(outer *Group) error {
				err := InGroup(co, func(inner *Group) error {
					inner.Go(fails(0, errBurnt))
					outer.Go(fails(0, errCold))
					return nil
				})
				onlyFailed(t, err, errBurnt, errCold)
				require.ErrorIs(t, Sleep(co, ms), ErrCancelled, "the outer one is asked to end")
				return nil
			})
			onlyFailed(t, err, errCold, errBurnt)
			require.NoError(t, Sleep(co, ms))
			return err
		}},
		{"error_and_cancel", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			var event Event
			inner := task(co, func(co *Coroutine) error {
				err := group(func(co *Coroutine) error { event.Set(); Sleep(co, 0); return errBurnt }, naps(s))(co)
				onlyFailed(t, err, errBurnt)
				return Sleep(co, s)
			})
			require.NoError(t, event.Wait(co))
			inner.Cancel(nil)
			return end(co, inner)
		}},
	})
}

func TestAsyncioTimeouts(t *testing.T) {
	restate(t, []restated{
		{"timeout_basic", ErrTimeout, func(t *testing.T, co *Coroutine) error {
			start := time.Now()
			err := Timeout(co, 10*ms, naps(10*s))
			require.Equal(t, 10*ms, time.Since(start))
			onlyFailed(t, err, ErrTimeout)
			return err
		}},
		{"nested_timeouts", ErrTimeout, func(t *testing.T, co *Coroutine) error { // at the same moment
			var inner error
			err := Timeout(co, 10*ms, func(co *Coroutine) error {
				inner = Timeout(co, 10*ms, naps(10*s))
				return inner
			})
			require.ErrorIs(t, inner, ErrCancelled)
			require.NotErrorIs(t, inner, ErrTimeout, "the outer one ends")
			onlyFailed(t, err, ErrTimeout)
			require.NoError(t, Sleep(co, 0))
			return err
		}},
		{"waiter_cancelled", ErrTimeout, func(t *testing.T, co *Coroutine) error {
			return Timeout(co, 10*ms, func(co *Coroutine) error {
				err := Sleep(co, 10*s)
				require.ErrorIs(t, err, ErrCancelled)
				require.NotErrorIs(t, err, ErrTimeout)
				return err
			})
		}},
		{"timeout_not_called", nil, func(t *testing.T, co *Coroutine) error {
			if err := Timeout(co, 10*s, naps(10*ms)); err != nil {
				return err
			}
			return Sleep(co, 20*s)
		}},
		{"timeout_zero", ErrTimeout, func(t *testing.T, co *Coroutine) error {
			start := time.Now()
			err := Timeout(co, 0, naps(10*s))
			require.Zero(t, time.Since(start))
			return err
		}},
		{"timeout_zero_sleep_zero", ErrTimeout, func(t *testing.T, co *Coroutine) error { return Timeout(co, 0, naps(0)) }},
		{"timeout_in_the_past_sleep_zero", ErrTimeout, func(t *testing.T, co *Coroutine) error {
			return Timeout(co, -11*s, naps(0))
		}},
		{"foreign_exception_passed", errBurnt, func(t *testing.T, co *Coroutine) error {
			return Timeout(co, 10*ms, fails(0, errBurnt))
		}},
		{"foreign_exception_on_timeout", errBurnt, func(t *testing.T, co *Coroutine) error {
			err := Timeout(co, 10*ms, spills(s, errBurnt))
			onlyFailed(t, err, errBurnt, ErrTimeout)
			return err
		}},
		{"foreign_exception_on_timeout_2", ErrTimeout, func(t *testing.T, co *Coroutine) error { // joined to it
			err := Timeout(co, 10*ms, func(co *Coroutine) error { return errors.Join(Sleep(co, s), errBurnt) })
			onlyFailed(t, err, errBurnt)
			return err
		}},
		{"foreign_cancel_doesnt_timeout_if_not_expired", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			err := Timeout(co, s, func(co *Coroutine) error { return cancelledAfter(co, ms, naps(s)) })
			require.NotErrorIs(t, err, ErrTimeout)
			return err
		}},
		{"outer_task_is_not_cancelled", ErrTimeout, func(t *testing.T, co *Coroutine) error {
			outer := task(co, func(co *Coroutine) error {
				err := Timeout(co, ms, naps(s))
				require.NoError(t, Sleep(co, ms))
				return err
			})
			err := end(co, outer)
			require.NotErrorIs(t, err, ErrCancelled)
			return err
		}},
		{"nested_timeouts_concurrent", ErrTimeout, func(t *testing.T, co *Coroutine) error {
			return Timeout(co, 2*ms, func(co *Coroutine) error {
				err := Timeout(co, ms, naps(s)) // wants to clean up, longer than the outer one lasts
				require.ErrorIs(t, err, ErrTimeout)
				return Sleep(co, s)
			})
		}},
		{"nested_timeouts_loop_busy", ErrTimeout, func(t *testing.T, co *Coroutine) error {
			return Timeout(co, 10*ms, func(co *Coroutine) error {
				err := Timeout(co, s, func(co *Coroutine) error { time.Sleep(100 * ms); return Sleep(co, 10*s) })
				require.NotErrorIs(t, err, ErrTimeout)
				return err
			})
		}},
		{"nested_timeout_in_finally", ErrTimeout, func(t *testing.T, co *Coroutine) error {
			return Timeout(co, ms, func(co *Coroutine) error {
				err := Sleep(co, s)
				require.ErrorIs(t, Timeout(co, ms, naps(10*s)), ErrTimeout, "a new one, since the first was delivered")
				return err
			})
		}},
		{"timeout_after_cancellation", ErrTimeout, func(t *testing.T, co *Coroutine) error {
			return cancelledAfter(co, ms, func(co *Coroutine) error {
				require.ErrorIs(t, Sleep(co, s), ErrCancelled)
				return Timeout(co, 0, naps(s)) // which it had not been told before
			})
		}},
		{"cancel_in_timeout_after_cancellation", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			var me *Task[none]
			me = task(co, func(co *Coroutine) error {
				require.ErrorIs(t, Sleep(co, s), ErrCancelled)
				return Timeout(co, s, func(co *Coroutine) error { me.Cancel(nil); return Sleep(co, 2*s) })
			})
			Sleep(co, ms)
			me.Cancel(nil)
			err := end(co, me)
			require.NotErrorIs(t, err, ErrTimeout)
			return err
		}},
		{"timeout_taskgroup", ErrTimeout, func(t *testing.T, co *Coroutine) error { // a child fails in its clean-up
			var inner error
			err := Timeout(co, 10*ms, func(co *Coroutine) error {
				inner = InGroup(co, func(g *Group) error {
					g.Go(func(co *Coroutine) error { return Timeout(co, 5*ms, naps(s)) })
					return nil
				})
				return inner
			})
			onlyFailed(t, inner, ErrTimeout)
			return err
		}},
		// asyncio.wait_for is Timeout around an Await.
		{"wait_for_timeout_less_then_0_or_0_coroutine_do_not_started", ErrTimeout, func(t *testing.T, co *Coroutine) error {
			began := false
			err := Timeout(co, 0, func(co *Coroutine) error {
				return end(co, task(co, func(*Coroutine) error { began = true; return nil }))
			})
			require.False(t, began)
			return err
		}},
		{"wait_for_blocking", nil, func(t *testing.T, co *Coroutine) error {
			return Timeout(co, time.Hour, func(co *Coroutine) error { return end(co, task(co, naps(s))) })
		}},
		{"wait_for_race_condition", nil, func(t *testing.T, co *Coroutine) error { // done as the time is over
			f := NewFuture[int](co)
			later(co, 100*ms, func() { f.Set(1) })
			return Timeout(co, 100*ms, func(co *Coroutine) error { _, err := Await(co, f); return err })
		}},
		{"wait_for_cancellation_race_condition", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			return cancelledAfter(co, 10*ms, func(co *Coroutine) error { return Timeout(co, 10*ms, naps(s)) })
		}},
		{"wait_for_waits_for_task_cancellation", ErrTimeout, func(t *testing.T, co *Coroutine) error {
			done := false
			err := Timeout(co, 100*ms, func(co *Coroutine) error {
				return end(co, task(co, func(co *Coroutine) error {
					err := Sleep(co, 10*s)
					Sleep(co, 100*ms)
					done = true
					return err
				}))
			})
			require.True(t, done)
			return err
		}},
		{"wait_for_reraises_exception_during_cancellation", errBurnt, func(t *testing.T, co *Coroutine) error {
			err := Timeout(co, 100*ms, func(co *Coroutine) error { return end(co, task(co, spills(s, errBurnt))) })
			onlyFailed(t, err, errBurnt, ErrTimeout)
			return err
		}},
		{"wait_for_cancel_suppressed", nil, func(t *testing.T, co *Coroutine) error { // the task refuses, and has a value
			return cancelledAfter(co, 100*ms, func(co *Coroutine) error {
				seven, err := Await(co, Go(co, func(co *Coroutine) (int, error) { Sleep(co, s); return 7, nil }))
				require.Equal(t, 7, seven)
				return err
			})
		}},
		{"wait_for_issue86296", nil, func(t *testing.T, co *Coroutine) error { // the value and the cancellation meet
			f := NewFuture[int](co)
			var after error
			waiter := task(co, func(co *Coroutine) error {
				_, err := Await(co, f)
				after = Sleep(co, s)
				return err
			})
			Sleep(co, 0)
			f.Set(1)
			waiter.Cancel(nil)
			require.NoError(t, end(co, waiter), "what has been given is not taken away")
			require.ErrorIs(t, after, ErrCancelled)
			return nil
		}},
		{"shielded_timeout", ErrTimeout, func(t *testing.T, co *Coroutine) error { // TimeoutTests.test_shielded_timeout
			tea := task(co, naps(s))
			err := Timeout(co, 100*ms, func(co *Coroutine) error { _, err := Shield(co, tea); return err })
			require.False(t, tea.Done())
			require.NoError(t, end(co, tea))
			return err
		}},
	})
}

func TestAsyncioQueues(t *testing.T) {
	put := func(t *testing.T, co *Coroutine, q *Queue[int], items ...int) {
		for _, item := range items {
			require.NoError(t, q.Put(co, item))
		}
	}
	getter := func(co *Coroutine, q *Queue[int]) *Task[int] {
		return Go(co, func(co *Coroutine) (int, error) { return q.Get(co) })
	}
	putter := func(co *Coroutine, q *Queue[int], i int) *Task[none] {
		return task(co, func(co *Coroutine) error { return q.Put(co, i) })
	}
	restate(t, []restated{
		{"empty", nil, func(t *testing.T, co *Coroutine) error {
			var q Queue[int]
			require.Zero(t, q.Len())
			put(t, co, &q, 1)
			require.Equal(t, 1, q.Len())
			one, err := q.Get(co)
			require.Equal(t, 1, one)
			require.Zero(t, q.Len())
			return err
		}},
		{"full", nil, func(t *testing.T, co *Coroutine) error { // without a limit it never is
			var q Queue[int]
			put(t, co, &q, make([]int, 10_000)...)
			return nil
		}},
		{"order", nil, func(t *testing.T, co *Coroutine) error {
			var q Queue[int]
			put(t, co, &q, 1, 3, 2)
			for _, want := range []int{1, 3, 2} {
				got, err := q.Get(co)
				require.NoError(t, err)
				require.Equal(t, want, got)
			}
			return nil
		}},
		{"maxsize", nil, func(t *testing.T, co *Coroutine) error {
			q := &Queue[int]{Limit: 2}
			put(t, co, q, 1, 2)
			third := putter(co, q, 3)
			Sleep(co, 10*ms)
			require.False(t, third.Done())
			_, err := q.Get(co)
			require.NoError(t, err)
			Sleep(co, 0)
			require.True(t, third.Done())
			require.Equal(t, 2, q.Len())
			return end(co, third)
		}},
		{"blocking_get", nil, func(t *testing.T, co *Coroutine) error {
			var q Queue[int]
			put(t, co, &q, 1)
			one, err := q.Get(co)
			require.Equal(t, 1, one)
			return err
		}},
		{"get_with_putters", nil, func(t *testing.T, co *Coroutine) error {
			q := &Queue[int]{Limit: 1}
			put(t, co, q, 1)
			waits := putter(co, q, 2)
			Sleep(co, 0)
			one, err := q.Get(co)
			require.Equal(t, 1, one)
			require.NoError(t, err)
			return end(co, waits)
		}},
		{"blocking_get_wait", nil, func(t *testing.T, co *Coroutine) error {
			var q Queue[int]
			start := time.Now()
			later(co, 10*ms, func() { q.add(1) })
			_, err := q.Get(co)
			require.Equal(t, 10*ms, time.Since(start))
			return err
		}},
		{"get_cancelled", ErrTimeout, func(t *testing.T, co *Coroutine) error {
			var q Queue[int]
			return Timeout(co, 50*ms, func(co *Coroutine) error { _, err := q.Get(co); return err })
		}},
		{"get_cancelled_race", nil, func(t *testing.T, co *Coroutine) error {
			var q Queue[string]
			get := func(co *Coroutine) (string, error) { return q.Get(co) }
			t1, t2 := Go(co, get), Go(co, get)
			Sleep(co, 0)
			t1.Cancel(nil)
			Sleep(co, 0)
			require.True(t, t1.Done())
			require.NoError(t, q.Put(co, "a"))
			a, err := Await(co, t2)
			require.Equal(t, "a", a)
			return err
		}},
		{"get_with_waiting_putters", nil, func(t *testing.T, co *Coroutine) error {
			q := &Queue[int]{Limit: 1}
			a, b := putter(co, q, 1), putter(co, q, 2)
			Sleep(co, 0)
			for want := 1; want <= 2; want++ {
				got, err := q.Get(co)
				require.NoError(t, err)
				require.Equal(t, want, got)
			}
			return errors.Join(end(co, a), end(co, b))
		}},
		{"why_are_getters_waiting", nil, func(t *testing.T, co *Coroutine) error {
			q := &Queue[int]{Limit: 2}
			var got []int
			consumer := task(co, func(co *Coroutine) error {
				for range 5 {
					i, err := q.Get(co)
					if err != nil {
						return err
					}
					got = append(got, i)
				}
				return nil
			})
			put(t, co, q, 0, 1, 2, 3, 4)
			err := end(co, consumer)
			require.Equal(t, []int{0, 1, 2, 3, 4}, got)
			return err
		}},
		{"cancelled_getters_not_being_held_in_self_getters", nil, func(t *testing.T, co *Coroutine) error {
			var q Queue[int]
			for range 3 {
				Timeout(co, 100*ms, func(co *Coroutine) error { _, err := q.Get(co); return err })
			}
			require.Nil(t, q.getting.first)
			require.Nil(t, q.getting.last)
			return nil
		}},
		{"blocking_put", nil, func(t *testing.T, co *Coroutine) error {
			var q Queue[int]
			put(t, co, &q, 1)
			require.Equal(t, 1, q.Len())
			return nil
		}},
		{"blocking_put_wait", nil, func(t *testing.T, co *Coroutine) error {
			q := &Queue[int]{Limit: 1}
			start := time.Now()
			task(co, func(co *Coroutine) error { Sleep(co, 10*ms); _, err := q.Get(co); return err })
			put(t, co, q, 1, 2)
			require.Equal(t, 10*ms, time.Since(start))
			return nil
		}},
		{"get_cancel_drop_one_pending_reader", nil, func(t *testing.T, co *Coroutine) error {
			var q Queue[int]
			reader := getter(co, &q)
			Sleep(co, 0)
			q.add(1)
			q.add(2)
			reader.Cancel(nil) // woken already: it has its item
			got, err := Await(co, reader)
			require.ErrorIs(t, err, ErrCancelled, "it had no other await")
			require.Equal(t, 1, got, "but the item is not lost")
			got, err = q.Get(co)
			require.Equal(t, 2, got)
			return err
		}},
		{"get_cancel_drop_many_pending_readers", nil, func(t *testing.T, co *Coroutine) error {
			var q Queue[int]
			var readers []*Task[int]
			for range 3 {
				readers = append(readers, getter(co, &q))
			}
			Sleep(co, 0)
			for i := 1; i <= 3; i++ {
				q.add(i)
			}
			readers[0].Cancel(nil)
			var got []int
			for _, r := range readers {
				i, _ := Await(co, r)
				got = append(got, i)
			}
			require.Equal(t, []int{1, 2, 3}, got)
			return nil
		}},
		{"put_cancel_drop", nil, func(t *testing.T, co *Coroutine) error {
			q := &Queue[int]{Limit: 1}
			put(t, co, q, 1)
			waits := putter(co, q, 2)
			Sleep(co, 0)
			waits.Cancel(nil)
			require.ErrorIs(t, end(co, waits), ErrCancelled)
			require.Equal(t, 1, q.Len())
			return nil
		}},
		{"put_cancelled", nil, func(t *testing.T, co *Coroutine) error { // before it begins
			var q Queue[int]
			waits := putter(co, &q, 1)
			waits.Cancel(nil)
			require.ErrorIs(t, end(co, waits), ErrCancelled)
			require.Zero(t, q.Len())
			return nil
		}},
		{"put_cancelled_race", nil, func(t *testing.T, co *Coroutine) error {
			q := &Queue[int]{Limit: 1}
			a, b, c := putter(co, q, 1), putter(co, q, 2), putter(co, q, 3)
			Sleep(co, 0)
			b.Cancel(nil)
			for _, want := range []int{1, 3} {
				got, err := q.Get(co)
				require.NoError(t, err)
				require.Equal(t, want, got)
			}
			require.ErrorIs(t, end(co, b), ErrCancelled)
			return errors.Join(end(co, a), end(co, c))
		}},
		{"put_with_waiting_getters", nil, func(t *testing.T, co *Coroutine) error {
			var q Queue[int]
			reader := getter(co, &q)
			Sleep(co, 0)
			put(t, co, &q, 7)
			seven, err := Await(co, reader)
			require.Equal(t, 7, seven)
			return err
		}},
		{"why_are_putters_waiting", nil, func(t *testing.T, co *Coroutine) error {
			q := &Queue[int]{Limit: 2}
			var putters []*Task[none]
			for i := range 4 {
				putters = append(putters, putter(co, q, i))
			}
			for range 4 {
				_, err := q.Get(co)
				require.NoError(t, err)
			}
			_, err := Gather(co, putters...)
			return err
		}},
		{"cancelled_puts_not_being_held_in_self_putters", nil, func(t *testing.T, co *Coroutine) error {
			q := &Queue[int]{Limit: 1}
			put(t, co, q, 0)
			for range 3 {
				Timeout(co, 100*ms, func(co *Coroutine) error { return q.Put(co, 1) })
			}
			require.Nil(t, q.putting.first)
			return nil
		}},
	})
}

func TestAsyncioLocks(t *testing.T) {
	acquirer := func(co *Coroutine, sem *Semaphore, log *[]string, name string) *Task[none] {
		return task(co, func(co *Coroutine) error {
			if err := sem.Acquire(co); err != nil {
				return err
			}
			*log = append(*log, name)
			return nil
		})
	}
	restate(t, []restated{
		{"initial_value_zero", nil, func(t *testing.T, co *Coroutine) error {
			sem := NewSemaphore(0)
			require.ErrorIs(t, Timeout(co, ms, sem.Acquire), ErrTimeout)
			return nil
		}},
		{"semaphore", nil, func(t *testing.T, co *Coroutine) error {
			sem := NewSemaphore(1)
			require.NoError(t, sem.Acquire(co))
			require.ErrorIs(t, Timeout(co, ms, sem.Acquire), ErrTimeout)
			sem.Release()
			return sem.Acquire(co)
		}},
		{"semaphore_value", nil, func(t *testing.T, co *Coroutine) error {
			require.Panics(t, func() { NewSemaphore(-1) })
			return nil
		}},
		{"acquire", nil, func(t *testing.T, co *Coroutine) error {
			sem := NewSemaphore(3)
			var log []string
			var tasks []*Task[none]
			for i := range 5 {
				tasks = append(tasks, acquirer(co, sem, &log, fmt.Sprint(i)))
			}
			Sleep(co, 0)
			require.Equal(t, []string{"0", "1", "2"}, log)
			sem.Release()
			sem.Release()
			_, err := Gather(co, tasks...)
			require.Equal(t, []string{"0", "1", "2", "3", "4"}, log)
			return err
		}},
		{"acquire_cancel", nil, func(t *testing.T, co *Coroutine) error {
			sem := NewSemaphore(1)
			require.NoError(t, sem.Acquire(co))
			require.ErrorIs(t, cancelledAfter(co, ms, sem.Acquire), ErrCancelled)
			require.Nil(t, sem.waiting.first)
			sem.Release()
			return sem.Acquire(co)
		}},
		{"acquire_cancel_before_awoken", nil, func(t *testing.T, co *Coroutine) error {
			sem := NewSemaphore(0)
			var log []string
			t1, t2, t3 := acquirer(co, sem, &log, "1"), acquirer(co, sem, &log, "2"), acquirer(co, sem, &log, "3")
			Sleep(co, 0)
			t1.Cancel(nil)
			t2.Cancel(nil)
			sem.Release()
			require.NoError(t, end(co, t3))
			require.Equal(t, []string{"3"}, log)
			return nil
		}},
		{"acquire_hang", nil, func(t *testing.T, co *Coroutine) error { // a waiter that was woken is cancelled
			sem := NewSemaphore(0)
			held := false
			t1 := task(co, func(co *Coroutine) error {
				if err := sem.Acquire(co); err != nil {
					return err
				}
				held = true
				defer sem.Release()
				return Sleep(co, s) // and here it is told
			})
			t2 := task(co, sem.Acquire)
			Sleep(co, 0)
			sem.Release()
			t1.Cancel(nil)
			require.ErrorIs(t, end(co, t1), ErrCancelled)
			require.True(t, held)
			return end(co, t2)
		}},
		{"acquire_no_hang", nil, func(t *testing.T, co *Coroutine) error {
			sem := NewSemaphore(1)
			require.NoError(t, sem.Acquire(co))
			t1 := task(co, sem.Acquire)
			t2 := task(co, sem.Acquire)
			Sleep(co, 0)
			t1.Cancel(nil)
			sem.Release()
			return end(co, t2)
		}},
		{"release_no_waiters", nil, func(t *testing.T, co *Coroutine) error {
			sem := NewSemaphore(0)
			sem.Release() // as asyncio's, it grows
			return sem.Acquire(co)
		}},
		{"acquire_fifo_order", nil, func(t *testing.T, co *Coroutine) error {
			sem := NewSemaphore(1)
			var log []string
			use := func(name string) *Task[none] {
				return task(co, func(co *Coroutine) error {
					sem.Acquire(co)
					log = append(log, name)
					Sleep(co, 10*ms)
					sem.Release()
					return nil
				})
			}
			_, err := Gather(co, use("a"), use("b"), use("c"))
			require.Equal(t, []string{"a", "b", "c"}, log)
			return err
		}},
		{"acquire_fifo_order_2", nil, func(t *testing.T, co *Coroutine) error { // a newcomer doesn't go first
			sem := NewSemaphore(1)
			var log []string
			require.NoError(t, sem.Acquire(co))
			old := acquirer(co, sem, &log, "old")
			Sleep(co, 0)
			sem.Release()
			young := acquirer(co, sem, &log, "young")
			Sleep(co, ms)
			require.Equal(t, []string{"old"}, log)
			sem.Release()
			err := errors.Join(end(co, old), end(co, young))
			require.Equal(t, []string{"old", "young"}, log)
			return err
		}},
		{"event_wait", nil, func(t *testing.T, co *Coroutine) error {
			var e Event
			woken := 0
			for range 3 {
				task(co, func(co *Coroutine) error { err := e.Wait(co); woken++; return err })
			}
			Sleep(co, 0)
			require.Zero(t, woken)
			e.Set()
			Sleep(co, 0)
			require.Equal(t, 3, woken)
			require.True(t, e.IsSet())
			return nil
		}},
		{"event_wait_on_set", nil, func(t *testing.T, co *Coroutine) error {
			var e Event
			e.Set()
			return e.Wait(co)
		}},
		{"event_wait_cancel", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			var e Event
			err := cancelledAfter(co, ms, e.Wait)
			require.Nil(t, e.waiting.first)
			return err
		}},
		{"event_clear", nil, func(t *testing.T, co *Coroutine) error {
			var e Event
			require.False(t, e.IsSet())
			e.Set()
			e.Clear()
			require.False(t, e.IsSet())
			require.ErrorIs(t, Timeout(co, ms, e.Wait), ErrTimeout)
			return nil
		}},
		{"event_clear_with_waiters", nil, func(t *testing.T, co *Coroutine) error {
			var e Event
			waiter := task(co, e.Wait)
			Sleep(co, 0)
			e.Set()
			e.Clear() // it has been woken all the same
			e.Set()
			e.Clear()
			return end(co, waiter)
		}},
	})
}

func TestAsyncioTasks(t *testing.T) {
	restate(t, []restated{
		{"task_basics", nil, func(t *testing.T, co *Coroutine) error {
			inner := func(co *Coroutine) (int, error) { return 5, Sleep(co, 0) }
			ten, err := Await(co, Go(co, func(co *Coroutine) (int, error) {
				a, err := Await(co, Go(co, inner))
				b, _ := inner(co)
				return a + b, err
			}))
			require.Equal(t, 10, ten)
			return err
		}},
		{"task_awaits_on_itself", ErrTimeout, func(t *testing.T, co *Coroutine) error { // asyncio: RuntimeError
			var me *Task[none]
			me = task(co, func(co *Coroutine) error { return end(co, me) })
			return Timeout(co, s, func(co *Coroutine) error { return end(co, me) })
		}},
		{"cancel", ErrCancelled, func(t *testing.T, co *Coroutine) error { return cancelledAfter(co, 10*ms, naps(10*s)) }},
		{"cancel_with_message_then_future_result", errBurnt, func(t *testing.T, co *Coroutine) error {
			waits := task(co, naps(10*s))
			Sleep(co, 0)
			waits.Cancel(errBurnt)
			return end(co, waits)
		}},
		{"cancel_with_message_before_starting_task", errBurnt, func(t *testing.T, co *Coroutine) error {
			waits := task(co, func(*Coroutine) error { t.Error("it begins"); return nil })
			waits.Cancel(errBurnt)
			return end(co, waits)
		}},
		{"cancel_yield", ErrCancelled, func(t *testing.T, co *Coroutine) error { return cancelledAfter(co, 0, naps(0)) }},
		{"cancel_inner_future", ErrCancelled, func(t *testing.T, co *Coroutine) error { // the one that is awaited
			inner := task(co, naps(s))
			outer := task(co, func(co *Coroutine) error { return end(co, inner) })
			Sleep(co, 0)
			inner.Cancel(nil)
			return end(co, outer)
		}},
		{"cancel_both_task_and_inner_future", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			heard := 0
			inner := task(co, func(co *Coroutine) error {
				err := Sleep(co, s)
				heard++
				require.NoError(t, Sleep(co, s), "heard once")
				return err
			})
			outer := task(co, func(co *Coroutine) error { return end(co, inner) })
			Sleep(co, 0)
			inner.Cancel(nil)
			outer.Cancel(nil)
			err := end(co, outer)
			require.Equal(t, 1, heard)
			return err
		}},
		{"cancel_task_catching", nil, func(t *testing.T, co *Coroutine) error {
			return cancelledAfter(co, ms, func(co *Coroutine) error { Sleep(co, s); return nil })
		}},
		{"cancel_task_ignoring", nil, func(t *testing.T, co *Coroutine) error { // refuses, and goes on
			start := time.Now()
			err := cancelledAfter(co, ms, func(co *Coroutine) error { Sleep(co, s); return Sleep(co, s) })
			require.Equal(t, s+ms, time.Since(start))
			return err
		}},
		{"cancel_ignored_then_the_next", ErrCancelled, func(t *testing.T, co *Coroutine) error { // of uncancel_basic
			waits := task(co, func(co *Coroutine) error { Sleep(co, s); return Sleep(co, s) })
			for range 2 {
				Sleep(co, ms)
				waits.Cancel(nil)
			}
			return end(co, waits)
		}},
		{"uncancel_structured_blocks", nil, func(t *testing.T, co *Coroutine) error { // two blocks after each other
			require.ErrorIs(t, Timeout(co, ms, naps(s)), ErrTimeout)
			onlyFailed(t, InGroup(co, func(g *Group) error { g.Go(fails(0, errBurnt)); return Sleep(co, s) }), errBurnt)
			return Sleep(co, s)
		}},
		{"uncancel_resets_must_cancel", nil, func(t *testing.T, co *Coroutine) error { // never delivered, taken back
			f := NewFuture[none](co)
			later(co, ms, func() { f.Set(none{}) })
			require.NoError(t, Timeout(co, ms, func(co *Coroutine) error { _, err := Await(co, f); return err }))
			return Sleep(co, s)
		}},
		{"cancel_current_task", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			var me *Task[none]
			me = task(co, func(co *Coroutine) error { me.Cancel(nil); return Sleep(co, s) })
			return end(co, me)
		}},
		{"cancel_at_end", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			var me *Task[none]
			me = task(co, func(co *Coroutine) error { me.Cancel(nil); return nil })
			return end(co, me)
		}},
		{"cancel_awaited_task", ErrCancelled, func(t *testing.T, co *Coroutine) error { // by itself, while it awaits
			inner := task(co, naps(time.Hour))
			var me *Task[none]
			me = task(co, func(co *Coroutine) error { me.Cancel(nil); return end(co, inner) })
			err := end(co, me)
			require.True(t, inner.Done(), "passed on")
			return err
		}},
		{"cancel_a_done_task", nil, func(t *testing.T, co *Coroutine) error {
			done := task(co, naps(0))
			require.NoError(t, end(co, done))
			done.Cancel(nil)
			return end(co, done)
		}},
		{"baseexception_during_cancel", errBurnt, func(t *testing.T, co *Coroutine) error { // it panics as it is told
			err := cancelledAfter(co, ms, func(co *Coroutine) error { Sleep(co, s); panic(errBurnt) })
			require.ErrorAs(t, err, new(*PanicError))
			return err
		}},
		{"sleep", nil, func(t *testing.T, co *Coroutine) error {
			start := time.Now()
			err := errors.Join(Sleep(co, 500*ms), Sleep(co, 500*ms))
			require.Equal(t, s, time.Since(start))
			return err
		}},
		{"sleep_cancel", nil, func(t *testing.T, co *Coroutine) error { // the timer is gone
			require.ErrorIs(t, cancelledAfter(co, ms, naps(time.Hour)), ErrCancelled)
			require.Empty(t, co.loop.timers.heap)
			return nil
		}},
		{"sleep_zero", nil, func(t *testing.T, co *Coroutine) error {
			turns := 0
			task(co, func(co *Coroutine) error {
				for range 5 {
					turns++
					Sleep(co, 0)
				}
				return nil
			})
			require.Zero(t, turns)
			for range 5 {
				Sleep(co, 0)
			}
			require.Equal(t, 5, turns)
			return nil
		}},
		{"task_cancel_waiter_future", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			f := NewFuture[none](co)
			err := cancelledAfter(co, ms, func(co *Coroutine) error { _, err := Await(co, f); return err })
			require.Nil(t, f.waiting.first)
			f.Set(none{}) // a future is not cancelled with its waiter, as in asyncio
			return err
		}},
		{"yield_future_passes_cancel", nil, func(t *testing.T, co *Coroutine) error {
			require.ErrorIs(t, cancelledAfter(co, ms, func(co *Coroutine) error {
				inner := task(co, naps(s))
				err := end(co, inner)
				require.True(t, inner.Done())
				return err
			}), ErrCancelled)
			return nil
		}},
		{"cancel_gather_1", nil, func(t *testing.T, co *Coroutine) error { // one ends in the same turn
			ready := task(co, naps(0))
			require.NoError(t, end(co, ready))
			require.ErrorIs(t, cancelledAfter(co, 0, func(co *Coroutine) error {
				_, err := Gather(co, ready, task(co, naps(s)))
				return err
			}), ErrCancelled)
			return nil
		}},
		{"cancel_gather_2", errBurnt, func(t *testing.T, co *Coroutine) error { // the cause goes down, and comes back
			var heard error
			child := task(co, func(co *Coroutine) error { heard = Sleep(co, s); return heard })
			outer := task(co, func(co *Coroutine) error { _, err := Gather(co, child); return err })
			Sleep(co, ms)
			outer.Cancel(errBurnt)
			err := end(co, outer)
			require.EqualError(t, heard, "cancelled: the soup is burnt")
			require.EqualError(t, err, "cancelled: the soup is burnt")
			return err
		}},
		{"exception_traceback", errBurnt, func(t *testing.T, co *Coroutine) error {
			err := end(co, task(co, func(*Coroutine) error { panic(errBurnt) }))
			require.Contains(t, err.Error(), "asyncio_test.go")
			return err
		}},
		{"error_in_call_soon", nil, func(t *testing.T, co *Coroutine) error {
			warned := ""
			co.Loop().Warn = func(m string) { warned = m }
			co.Loop().CallSoon(func() { panic("no soup") })
			err := Sleep(co, 0)
			require.Contains(t, warned, "no soup")
			return err
		}},
		{"set_result_causes_invalid_state", nil, func(t *testing.T, co *Coroutine) error {
			f := NewFuture[int](co)
			f.Fail(errBurnt)
			require.Panics(t, func() { f.Set(1) })
			return nil
		}},
		{"tb_logger_exception_unretrieved", errBurnt, func(t *testing.T, co *Coroutine) error {
			task(co, fails(0, errBurnt))
			return Sleep(co, ms)
		}},
		{"tb_logger_exception_retrieved", nil, func(t *testing.T, co *Coroutine) error {
			burnt := task(co, fails(0, errBurnt))
			Sleep(co, ms) // long ago
			require.ErrorIs(t, end(co, burnt), errBurnt)
			return nil
		}},
		{"tb_logger_not_called_after_cancel", nil, func(t *testing.T, co *Coroutine) error {
			waits := task(co, naps(s))
			Sleep(co, 0)
			waits.Cancel(nil)
			return Sleep(co, ms)
		}},
		{"run_coroutine_threadsafe", nil, func(t *testing.T, co *Coroutine) error {
			f := NewFuture[int](co)
			go co.loop.CallSoonThreadsafe(func() { f.Set(3) })
			three, err := Await(co, f)
			require.Equal(t, 3, three)
			return err
		}},
		// shield
		{"shield_result", nil, func(t *testing.T, co *Coroutine) error {
			seven, err := Shield(co, Go(co, func(co *Coroutine) (int, error) { return 7, Sleep(co, s) }))
			require.Equal(t, 7, seven)
			return err
		}},
		{"shield_exception", errBurnt, func(t *testing.T, co *Coroutine) error {
			_, err := Shield(co, task(co, fails(s, errBurnt)))
			return err
		}},
		{"shield_cancel_inner", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			inner := task(co, naps(s))
			later(co, ms, func() { inner.Cancel(nil) })
			_, err := Shield(co, inner)
			return err
		}},
		{"shield_cancel_outer", nil, func(t *testing.T, co *Coroutine) error {
			inner := task(co, naps(s))
			require.ErrorIs(t, cancelledAfter(co, ms, func(co *Coroutine) error { _, err := Shield(co, inner); return err }), ErrCancelled)
			require.False(t, inner.Done())
			return end(co, inner)
		}},
		{"shield_cancel_outer_exception", errBurnt, func(t *testing.T, co *Coroutine) error { // nothing awaits it: Run tells
			inner := task(co, fails(s, errBurnt))
			cancelledAfter(co, ms, func(co *Coroutine) error { _, err := Shield(co, inner); return err })
			return Sleep(co, 2*s)
		}},
		{"shield_shortcut", nil, func(t *testing.T, co *Coroutine) error {
			done := task(co, naps(0))
			Sleep(co, ms)
			_, err := Shield(co, done)
			return err
		}},
		{"shield_gather", nil, func(t *testing.T, co *Coroutine) error { // children of a shielded gather
			a, b := task(co, naps(s)), task(co, naps(s))
			both := task(co, func(co *Coroutine) error { _, err := Gather(co, a, b); return err })
			cancelledAfter(co, ms, func(co *Coroutine) error { _, err := Shield(co, both); return err })
			return end(co, both)
		}},
		{"gather_shield", nil, func(t *testing.T, co *Coroutine) error { // a gather of shielded ones
			a := task(co, naps(s))
			cancelledAfter(co, ms, func(co *Coroutine) error {
				_, err := Gather(co, task(co, func(co *Coroutine) error { _, err := Shield(co, a); return err }))
				return err
			})
			require.False(t, a.Done())
			return end(co, a)
		}},
		// gather
		{"gather_success", nil, func(t *testing.T, co *Coroutine) error { // in the order of the tasks
			ends := func(i int, d time.Duration) *Task[int] {
				return Go(co, func(co *Coroutine) (int, error) { return i, Sleep(co, d) })
			}
			values, err := Gather(co, ends(1, 3*s), ends(2, s), ends(3, 2*s))
			require.Equal(t, []int{1, 2, 3}, values)
			return err
		}},
		{"gather_one_exception", errBurnt, func(t *testing.T, co *Coroutine) error { // the others run on
			slow := task(co, naps(s))
			_, err := Gather(co, slow, task(co, fails(ms, errBurnt)), task(co, fails(2*ms, errCold)))
			require.False(t, slow.Done())
			Sleep(co, s)
			require.NotErrorIs(t, err, errCold)
			return err
		}},
		{"gather_one_cancellation", ErrCancelled, func(t *testing.T, co *Coroutine) error { // a child is cancelled
			a, b := task(co, naps(s)), task(co, naps(s))
			later(co, ms, func() { a.Cancel(nil) })
			_, err := Gather(co, a, b)
			require.False(t, b.Done())
			return err
		}},
		{"gather_constructor_empty_sequence", nil, func(t *testing.T, co *Coroutine) error {
			values, err := Gather[int](co)
			require.Empty(t, values)
			return err
		}},
		{"gather_duplicate_coroutines", nil, func(t *testing.T, co *Coroutine) error {
			a := Go(co, func(co *Coroutine) (int, error) { return 1, Sleep(co, ms) })
			values, err := Gather(co, a, a, a)
			require.Equal(t, []int{1, 1, 1}, values)
			return err
		}},
		{"gather_cancellation_broadcast", ErrCancelled, func(t *testing.T, co *Coroutine) error {
			a, b := task(co, naps(s)), task(co, naps(s))
			err := cancelledAfter(co, ms, func(co *Coroutine) error { _, err := Gather(co, a, b); return err })
			require.True(t, a.Done() && b.Done())
			return err
		}},
		{"gather_exception_marking", errBurnt, func(t *testing.T, co *Coroutine) error { // a second failure has been heard of
			err := func() error {
				_, err := Gather(co, task(co, fails(ms, errBurnt)), task(co, fails(2*ms, errCold)))
				return err
			}()
			Sleep(co, s)
			require.Empty(t, co.loop.unheard)
			return err
		}},
		{"gather_cancelled_and_children_fail", errBurnt, func(t *testing.T, co *Coroutine) error {
			var after error
			err := cancelledAfter(co, ms, func(co *Coroutine) error {
				_, err := Gather(co, task(co, naps(s)), task(co, spills(s, errBurnt)))
				after = Sleep(co, ms)
				return err
			})
			require.ErrorIs(t, after, ErrCancelled, "it is not lost")
			return err
		}},
		// as_completed
		{"as_completed", nil, func(t *testing.T, co *Coroutine) error {
			var tasks []*Task[string]
			for name, d := range map[string]time.Duration{"a": 10, "b": 5, "c": 15} {
				tasks = append(tasks, Go(co, func(co *Coroutine) (string, error) { return name, Sleep(co, d*ms) }))
			}
			order := ""
			for name, err := range AsCompleted(co, tasks...) {
				require.NoError(t, err)
				order += name
			}
			require.Equal(t, "bac", order)
			return nil
		}},
		{"as_completed_with_timeout", ErrTimeout, func(t *testing.T, co *Coroutine) error {
			a, b := task(co, naps(ms)), task(co, naps(s))
			ended := 0
			err := Timeout(co, 10*ms, func(co *Coroutine) error {
				for _, err := range AsCompleted(co, a, b) {
					if err != nil {
						return err
					}
					ended++
				}
				return nil
			})
			require.Equal(t, 1, ended)
			require.False(t, b.Done(), "it runs on")
			return err
		}},
		{"as_completed_concurrent", nil, func(t *testing.T, co *Coroutine) error { // those that are done already
			a, b := task(co, naps(0)), task(co, naps(0))
			Sleep(co, ms)
			ended := 0
			for range AsCompleted(co, a, b) {
				ended++
			}
			require.Equal(t, 2, ended)
			return nil
		}},
		{"as_completed_resume_iterator", nil, func(t *testing.T, co *Coroutine) error { // ranged over twice
			all := AsCompleted(co, task(co, naps(ms)), task(co, naps(2*ms)))
			for range all {
				break
			}
			ended := 0
			for range all {
				ended++
			}
			require.Equal(t, 2, ended)
			return nil
		}},
		{"as_completed_failure_unheard", errBurnt, func(t *testing.T, co *Coroutine) error { // left before it came
			for range AsCompleted(co, task(co, naps(ms)), task(co, fails(2*ms, errBurnt))) {
				break
			}
			return Sleep(co, s)
		}},
		// to_thread
		{"to_thread", nil, func(t *testing.T, co *Coroutine) error {
			sum, err := ToThread(co, func() (int, error) { return 40 + 2, nil })
			require.Equal(t, 42, sum)
			return err
		}},
		{"to_thread_exception", errBurnt, func(t *testing.T, co *Coroutine) error {
			_, err := ToThread(co, func() (int, error) { return 0, errBurnt })
			return err
		}},
		{"to_thread_concurrent", nil, func(t *testing.T, co *Coroutine) error {
			start := time.Now()
			var tasks []*Task[int]
			for i := range 10 {
				tasks = append(tasks, Go(co, func(co *Coroutine) (int, error) {
					return ToThread(co, func() (int, error) { time.Sleep(s); return i, nil })
				}))
			}
			_, err := Gather(co, tasks...)
			require.Equal(t, s, time.Since(start))
			return err
		}},
		{"to_thread_cancelled", nil, func(t *testing.T, co *Coroutine) error { // goes on at once, the thread too
			start := time.Now()
			err := cancelledAfter(co, ms, func(co *Coroutine) error {
				_, err := ToThread(co, func() (int, error) { time.Sleep(s); return 0, errBurnt })
				return err
			})
			require.ErrorIs(t, err, ErrCancelled)
			require.Equal(t, ms, time.Since(start))
			return nil
		}},
	})
}

func TestAsyncioRunners(t *testing.T) {
	restate(t, []restated{
		{"asyncio_run_return", nil, func(t *testing.T, co *Coroutine) error { return Sleep(co, 0) }},
		{"asyncio_run_raises", errBurnt, func(t *testing.T, co *Coroutine) error { Sleep(co, 0); return errBurnt }},
		{"asyncio_run_from_running_loop", nil, func(t *testing.T, co *Coroutine) error { // asyncio: RuntimeError
			return (&Loop{Portable: true}).Run(t.Context(), func(co *Coroutine) error { return Sleep(co, s) })
		}},
		{"asyncio_run_cancels_hanging_tasks", nil, func(t *testing.T, co *Coroutine) error {
			task(co, naps(1000*time.Hour))
			return Sleep(co, 0)
		}},
		{"asyncio_run_reports_hanging_tasks_errors", errBurnt, func(t *testing.T, co *Coroutine) error {
			task(co, spills(1000*time.Hour, errBurnt))
			return Sleep(co, 0)
		}},
		{"asyncio_run_without_uncancel", ErrTimeout, func(t *testing.T, co *Coroutine) error { // refused, then a Timeout
			return cancelledAfter(co, ms, func(co *Coroutine) error {
				Sleep(co, s)
				return Timeout(co, ms, naps(s))
			})
		}},
	})
	inBubble := func(name string, f func(t *testing.T)) { t.Run(name, func(t *testing.T) { synctest.Test(t, f) }) }
	run := func(ctx context.Context, main func(co *Coroutine) error) error {
		return (&Loop{Portable: true}).Run(ctx, main)
	}
	inBubble("interrupt_wait", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(s, func() { cancel(errBurnt) })
		err := run(ctx, naps(time.Hour))
		require.ErrorIs(t, err, ErrCancelled)
		require.ErrorIs(t, err, errBurnt)
	})
	inBubble("interrupt_cancelled_task", func(t *testing.T) { // a refusal: Run returns what main does
		ctx, cancel := context.WithTimeout(t.Context(), s)
		defer cancel()
		require.ErrorIs(t, run(ctx, func(co *Coroutine) error { Sleep(co, time.Hour); return errBurnt }), errBurnt)
	})
	inBubble("interrupt_before_it_runs", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, run(ctx, naps(time.Hour)), ErrCancelled)
	})
	inBubble("cancels_a_task_that_refused_before", func(t *testing.T) {
		start := time.Now()
		require.NoError(t, run(t.Context(), func(co *Coroutine) error {
			daemon := task(co, func(co *Coroutine) error { Sleep(co, time.Hour); return Sleep(co, 1000*time.Hour) })
			Sleep(co, s)
			daemon.Cancel(nil)
			return Sleep(co, s)
		}))
		require.Equal(t, 2*s, time.Since(start))
	})
	inBubble("double_run", func(t *testing.T) {
		l := &Loop{Portable: true}
		require.NoError(t, l.Run(t.Context(), naps(0)))
		require.Error(t, l.Run(t.Context(), naps(0)))
	})
	inBubble("call_soon_threadsafe_before_and_after", func(t *testing.T) {
		l := &Loop{Portable: true}
		calls := 0
		l.CallSoonThreadsafe(func() { calls++ })
		require.NoError(t, l.Run(t.Context(), naps(0)))
		l.CallSoonThreadsafe(func() { calls++ })
		require.Equal(t, 1, calls)
	})
	t.Run("leaves_no_goroutines", func(t *testing.T) {
		before := runtime.NumGoroutine()
		require.NoError(t, Run(t.Context(), func(co *Coroutine) error {
			for range 1000 {
				task(co, naps(time.Hour))
			}
			return Sleep(co, 0)
		}))
		for runtime.NumGoroutine() > before {
			runtime.Gosched()
		}
	})
}
