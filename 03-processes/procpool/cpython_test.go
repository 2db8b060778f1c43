package procpool

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"weak"

	"github.com/stretchr/testify/require"
)

// What a process pool owes is written down in CPython's own tests. Here are
// those of concurrent.futures (test_concurrent_futures) and multiprocessing.Pool
// (_test_multiprocessing.py) that apply, by their names there and by their
// meaning. What differs, README.md tells.

// A parcelBomb goes off where it is told to: when it is encoded or decoded, here
// or in the worker.
type parcelBomb struct{ Where, How string }

func (b parcelBomb) GobEncode() ([]byte, error) {
	return []byte(b.Where + "|" + b.How), b.goOff("encode")
}

func (b *parcelBomb) GobDecode(text []byte) error {
	b.Where, b.How, _ = strings.Cut(string(text), "|")
	return b.goOff("decode")
}

func (b parcelBomb) goOff(now string) error {
	here := now + " here"
	if isWorker {
		here = now + " there"
	}
	if b.Where != here {
		return nil
	}
	return b.explode()
}

func (b parcelBomb) explode() error {
	switch b.How {
	case "exit":
		os.Exit(3)
	case "crash":
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Kill()
		}
		if err != nil {
			return err
		}
		select {}
	case "panic":
		panic("boom")
	}
	return errors.New("boom")
}

var (
	carry = Define("carry", func(b parcelBomb) (parcelBomb, error) {
		if b.Where == "run" {
			return b, b.explode()
		}
		return b, nil
	})
	failAtLength = Define("fail at length", func(n int) (int, error) { return 0, errors.New(strings.Repeat("x", n)) })
	spinIf       = Define("spin if", func(spin bool) (bool, error) {
		if spin {
			return spinForEver(true)
		}
		return false, nil
	})
	swallow = Define("swallow", func(b []byte) (int, error) { return len(b), parcelBomb{How: "crash"}.explode() })

	prepared = "nothing" // by what Serve calls in a worker
	isReady  = Define("is ready", func(int) (string, error) { return prepared, nil })

	watched   weak.Pointer[thing]
	watch     = Define("watch", func(th *thing) (int, error) { watched = weak.Make(th); return th.N, nil })
	isWatched = Define("is watched", func(int) (bool, error) { runtime.GC(); runtime.GC(); return watched.Value() != nil, nil })
	same      = Define("same", func(th *thing) (*thing, error) { return th, nil })
)

type thing struct {
	N    int
	Bulk [1000]byte
}

const prepareHow = "PROCPOOL_TEST_PREPARE" // what prepare does with a worker

func prepare() error {
	switch how := os.Getenv(prepareHow); how {
	case "":
		return nil
	case "exit":
		os.Exit(5)
	case "fail":
		return errors.New("the kettle is broken")
	default:
		prepared = how
	}
	return nil
}

// A debt is one of CPython's tests, and what it comes to here.
type debt struct {
	python string
	pay    func(*testing.T)
}

func TestExecutorsDebts(t *testing.T) {
	pool := newPool(t, 3)
	payAll(t, []debt{
		{"test_submit", func(t *testing.T) {
			requireCall(t, 42, double, pool, 21)
		}},
		{"test_submit_keyword", func(t *testing.T) { // a struct has the names
			requireCall(t, make([]order, 2), fill, pool, order{Item: "kettle", Count: 2})
		}},
		{"test_map", func(t *testing.T) {
			requireDoubles(t, pool, 10)
		}},
		{"test_map_chunksize", func(t *testing.T) {
			for _, n := range []int{1, 5, 6, 7, 40, 41, 50} {
				requireDoubles(t, pool, n)
			}
		}},
		{"test_map_exception", func(t *testing.T) { // those before it have come
			var came []int
			for r := range divide.Results(background, pool, slices.Values([]int{2, 3, 0, 6})) {
				if r.Err != nil {
					require.Equal(t, 2, r.Index)
					require.ErrorContains(t, r.Err, "integer divide by zero")
					continue
				}
				came = append(came, r.Value)
			}
			slices.Sort(came)
			require.Equal(t, []int{7, 14, 21}, came)
		}},
		{"test_map_timeout", func(t *testing.T) {
			ctx, cancel := context.WithCancel(background)
			defer cancel()
			came := 0
			for r := range spinIf.Results(ctx, pool, slices.Values([]bool{false, false, true})) {
				if came++; came == 2 {
					cancel()
				}
				require.Equal(t, r.Index == 2, errors.Is(r.Err, context.Canceled), "%v", r)
			}
			require.Equal(t, 3, came)
		}},
		{"test_shutdown_race_issue12456", func(t *testing.T) {
			pool := newPool(t, 2)
			requireDoubles(t, pool, pool.Workers()+1)
			require.NoError(t, pool.Close())
		}},
		{"test_no_stale_references", func(t *testing.T) {
			sent := &thing{N: 1}
			seen := weak.Make(sent)
			requireCall(t, 1, watch, pool, sent)
			sent = nil
			requireForgotten(t, seen)
		}},
		{"test_max_workers_negative", func(t *testing.T) {
			_, err := New(-1)
			require.ErrorContains(t, err, "no number may be negative")
		}},
		{"test_free_reference", func(t *testing.T) {
			for r := range same.Results(background, pool, slices.Values([]*thing{{N: 1}, {N: 2}})) {
				require.NoError(t, r.Err)
				seen := weak.Make(r.Value)
				r.Value = nil
				requireForgotten(t, seen)
			}
		}},
		{"test_no_timeout", func(t *testing.T) {
			require.Len(t, slices.Collect(double.Results(background, pool, numbers(100))), 100)
		}},
		{"test_future_times_out", func(t *testing.T) {
			ctx, cancel := context.WithTimeout(background, 0)
			defer cancel()
			before := pids(pool)
			_, err := double.Call(ctx, pool, 1)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Equal(t, before, pids(pool), "it costs no worker")
		}},
		{"test_duplicate_futures", func(t *testing.T) {
			require.Len(t, slices.Collect(double.Results(background, pool, slices.Values([]int{5, 5}))), 2)
		}},
		{"test_correct_timeout_exception_msg", func(t *testing.T) {
			ctx, cancel := context.WithTimeout(background, 0)
			defer cancel()
			_, err := double.Map(ctx, pool, []int{1})
			require.EqualError(t, err, `procpool: task "double": context deadline exceeded`)
		}},
		{"test_killed_child", func(t *testing.T) { // and the pool goes on
			for _, pid := range pids(pool) {
				kill(t, pid)
			}
			requireDoubles(t, pool, 10)
		}},
		{"test_traceback", func(t *testing.T) {
			_, err := divide.Call(background, pool, 0)
			own, ok := errors.AsType[*TaskError](err)
			require.True(t, ok)
			require.Contains(t, own.Stack, "tasks_test.go")
		}},
		{"test_ressources_gced_in_workers", func(t *testing.T) {
			pool := newPool(t, 1)
			requireCall(t, 7, watch, pool, &thing{N: 7})
			requireCall(t, 2, double, pool, 1)
			requireCall(t, false, isWatched, pool, 0)
		}},
		{"test_saturation", func(t *testing.T) {
			require.LessOrEqual(t, len(pidsOf(t, pool, 15*pool.Workers())), pool.Workers())
		}},
		{"test_idle_process_reuse_one", func(t *testing.T) {
			require.Len(t, pidsOf(t, newPool(t, 1), 3), 1)
		}},
		{"test_idle_process_reuse_multiple", func(t *testing.T) {
			before := pids(pool)
			for range 6 {
				n, err := pid.Call(background, pool, 0)
				require.NoError(t, err)
				require.Contains(t, before, n)
			}
		}},
		{"test_max_tasks_per_child", func(t *testing.T) {
			pool := limitedPool(t, 1, 3)
			var ran []int
			for range 4 {
				n, err := pid.Call(background, pool, 0)
				require.NoError(t, err)
				ran = append(ran, n)
			}
			require.Len(t, slices.Compact(ran[:3]), 1)
			require.NotEqual(t, ran[0], ran[3])
			requireGone(t, ran[0])
		}},
		{"test_max_tasks_early_shutdown", func(t *testing.T) {
			pool := limitedPool(t, 3, 1)
			requireDoubles(t, pool, 6)
			require.NoError(t, pool.Close())
		}},
	})
}

// Where a task, or what encodes it, fails, exits or crashes: nothing waits for
// ever, and the next call has its result.
func TestExecutorsDeadlockDebts(t *testing.T) {
	pool := quietPool(t, 2)
	for _, c := range []struct{ python, where, how, want string }{
		{"test_error_at_task_pickle", "encode here", "fail", "encode its input: boom"},
		{"test_error_at_task_pickle, panic", "encode here", "panic", "encode its input: panic: boom"},
		{"test_exit_at_task_unpickle", "decode there", "exit", "the worker died: exit status 3"},
		{"test_error_at_task_unpickle", "decode there", "fail", "decode its input: boom"},
		{"test_error_at_task_unpickle, panic", "decode there", "panic", "decode its input: panic: boom"},
		{"test_crash_at_task_unpickle", "decode there", "crash", "the worker died: "},
		{"test_crash_during_func_exec_on_worker", "run", "crash", "the worker died: "},
		{"test_exit_during_func_exec_on_worker", "run", "exit", "the worker died: exit status 3"},
		{"test_error_during_func_exec_on_worker", "run", "fail", "boom"},
		{"test_crash_during_result_pickle_on_worker", "encode there", "crash", "the worker died: "},
		{"test_exit_during_result_pickle_on_worker", "encode there", "exit", "the worker died: exit status 3"},
		{"test_error_during_result_pickle_on_worker", "encode there", "fail", "encode its result: boom"},
		{"test_error_during_result_unpickle_in_result_handler", "decode here", "fail", "decode its result: boom"},
		{"test_error_during_result_unpickle_in_result_handler, panic", "decode here", "panic", "decode its result: panic: boom"},
	} {
		t.Run(c.python, func(t *testing.T) {
			_, err := carry.Call(background, pool, parcelBomb{c.where, c.how})
			require.ErrorContains(t, err, `procpool: task "carry": `+c.want)
			bombs := slices.Repeat([]parcelBomb{{}}, 9)
			bombs[5] = parcelBomb{c.where, c.how}
			_, err = carry.Map(background, pool, bombs)
			require.ErrorContains(t, err, `procpool: task "carry", value 5 of 9: `+c.want)
			requireWorks(t, pool)
		})
	}
	payAll(t, []debt{
		{"test_shutdown_deadlock", func(t *testing.T) {
			pool := quietPool(t, 2)
			var calls sync.WaitGroup
			calls.Go(func() { carry.Call(background, pool, parcelBomb{"run", "crash"}) })
			pool.Close()
			calls.Wait()
		}},
		{"test_shutdown_deadlock_pickle", func(t *testing.T) {
			pool := newPool(t, 2)
			_, err := carry.Call(background, pool, parcelBomb{"encode here", "fail"})
			require.Error(t, err)
			require.NoError(t, pool.Close())
		}},
		{"test_crash_big_data", func(t *testing.T) {
			pool := quietPool(t, 2)
			_, err := swallow.Map(background, pool, [][]byte{make([]byte, 5<<20), make([]byte, 5<<20)})
			require.ErrorIs(t, err, ErrWorkerDied)
			requireWorks(t, pool)
		}},
		{"test_gh105829_should_not_deadlock_if_wakeup_pipe_full", func(t *testing.T) {
			var calls sync.WaitGroup
			for i := range 500 {
				calls.Go(func() { checkNil(t, errorOf(double.Call(background, pool, i))) })
			}
			calls.Wait()
		}},
	})
}

func TestExecutorsInitializerDebts(t *testing.T) {
	payAll(t, []debt{
		{"test_initializer", func(t *testing.T) {
			t.Setenv(prepareHow, "the kettle")
			pool := newPool(t, 2)
			requireCall(t, "the kettle", isReady, pool, 0)
			kill(t, pids(pool)[0])
			for range 4 { // in each worker
				requireCall(t, "the kettle", isReady, pool, 0)
			}
		}},
		{"test_initializer, Env", func(t *testing.T) {
			pool, err := Config{Workers: 1, Env: append(os.Environ(), prepareHow+"=the pot")}.New(background)
			require.NoError(t, err)
			defer pool.Close()
			requireCall(t, "the pot", isReady, pool, 0)
		}},
		{"FailingInitializerMixin.test_initializer", func(t *testing.T) {
			t.Setenv(prepareHow, "fail")
			_, err := New(2)
			require.EqualError(t, err, "procpool: start a pool: prepare a worker: the kettle is broken")
		}},
		{"FailingInitializerMixin, exit", func(t *testing.T) {
			t.Setenv(prepareHow, "exit")
			_, err := New(2)
			require.ErrorContains(t, err, "the worker died: exit status 5")
		}},
		{"FailingInitializerResourcesTest", func(t *testing.T) {
			newPool(t, 1).Close()
			files := openFiles(t)
			t.Setenv(prepareHow, "fail")
			_, err := New(2)
			require.Error(t, err)
			require.Equal(t, files, openFiles(t))
		}},
	})
}

func TestExecutorsShutdownDebts(t *testing.T) {
	payAll(t, []debt{
		{"test_run_after_shutdown", func(t *testing.T) {
			pool := newPool(t, 1)
			pool.Close()
			_, err := double.Call(background, pool, 1)
			require.ErrorIs(t, err, ErrClosed)
			_, err = double.Map(background, pool, []int{1})
			require.ErrorIs(t, err, ErrClosed)
			for r := range double.Results(background, pool, numbers(2)) {
				require.ErrorIs(t, r.Err, ErrClosed)
			}
		}},
		{"test_interpreter_shutdown", func(t *testing.T) {
			exe, err := os.Executable()
			require.NoError(t, err)
			forgetful := exec.Command(exe)
			forgetful.Env = append(os.Environ(), program+"=forgets Close")
			out, err := forgetful.CombinedOutput()
			require.NoError(t, err)
			require.Equal(t, "42 <nil>\n", string(out))
		}},
		{"test_hang_issue12364", func(t *testing.T) {
			pool := newPool(t, 2)
			errs := make(chan error)
			for i := range 50 {
				go func() { errs <- errorOf(double.Call(background, pool, i)) }()
			}
			pool.Close()
			for range 50 {
				if err := <-errs; err != nil {
					require.ErrorIs(t, err, ErrClosed)
				}
			}
		}},
		{"test_cancel_futures", func(t *testing.T) {
			pool, stderr := newPoolHeard(t, 1)
			errs := make(chan error)
			go func() { errs <- errorOf(spin.Call(background, pool, true)) }()
			requireLine(t, "begun", stderr)
			for i := range 10 {
				go func() { errs <- errorOf(double.Call(background, pool, i)) }()
			}
			pool.Close()
			for range 11 {
				require.ErrorIs(t, <-errs, ErrClosed)
			}
		}},
		{"test_hang_gh94440", func(t *testing.T) {
			pool := newPool(t, 1)
			for range 10 {
				_, err := carry.Call(background, pool, parcelBomb{"encode here", "fail"})
				require.Error(t, err)
			}
			require.NoError(t, pool.Close())
		}},
		{"test_processes_terminate", func(t *testing.T) {
			pool := newPool(t, 3)
			workers := pids(pool)
			pool.Close()
			requireGone(t, workers...)
		}},
		{"test_context_manager_shutdown", func(t *testing.T) { // and twice
			ctx, cancel := context.WithCancel(background)
			pool, err := Config{Workers: 2}.New(ctx)
			require.NoError(t, err)
			workers := pids(pool)
			cancel()
			requireGone(t, workers...)
			require.NoError(t, pool.Close())
			require.NoError(t, pool.Close())
		}},
	})
}

func TestPoolsDebts(t *testing.T) {
	pool := newPool(t, 3)
	payAll(t, []debt{
		{"test_apply", func(t *testing.T) {
			requireCall(t, 10, double, pool, 5)
		}},
		{"test_map", func(t *testing.T) {
			requireDoubles(t, pool, 10)
			requireDoubles(t, pool, 100)
		}},
		{"test_starmap", func(t *testing.T) {
			outs, err := fill.Map(background, pool, []order{{"cup", 1}, {"pot", 2}})
			require.NoError(t, err)
			require.Equal(t, [][]order{make([]order, 1), make([]order, 2)}, outs)
		}},
		{"test_map_async", func(t *testing.T) { // two at a time
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() { checkNil(t, errorOf(double.Map(background, pool, make([]int, 1000)))) })
			}
			both.Wait()
		}},
		{"test_map_unplicklable", func(t *testing.T) {
			_, err := carry.Map(background, pool, slices.Repeat([]parcelBomb{{"encode here", "fail"}}, 10))
			require.EqualError(t, err, `procpool: task "carry", value 0 of 10: encode its input: boom`)
		}},
		{"test_map_chunksize", func(t *testing.T) {
			requireDoubles(t, pool, 0)
		}},
		{"test_async", func(t *testing.T) {
			got := make(chan int)
			go func() {
				n, _ := double.Call(background, pool, 7)
				got <- n
			}()
			require.Equal(t, 14, <-got)
		}},
		{"test_async_timeout", func(t *testing.T) {
			pool, stderr := newPoolHeard(t, 1)
			ctx, cancel := context.WithCancelCause(background)
			go func() {
				requireLine(t, "begun", stderr)
				cancel(context.DeadlineExceeded)
			}()
			_, err := spin.Call(ctx, pool, true)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			requireWorks(t, pool)
		}},
		{"test_imap", func(t *testing.T) { // by the index
			outs := make([]int, 1000)
			for r := range double.Results(background, pool, numbers(1000)) {
				require.NoError(t, r.Err)
				outs[r.Index] = r.Value
			}
			require.Equal(t, doubles(1000), outs)
		}},
		{"test_imap_unordered", func(t *testing.T) {
			var outs []int
			for r := range double.Results(background, pool, numbers(100)) {
				outs = append(outs, r.Value)
			}
			slices.Sort(outs)
			require.Equal(t, doubles(100), outs)
		}},
		{"test_imap_unordered, lazily", func(t *testing.T) { // no iterable is taken whole
			taken, came := 0, 0
			for range double.Results(background, pool, func(yield func(int) bool) {
				for taken = 1; yield(taken); taken++ {
				}
			}) {
				if came++; came == 50 {
					break
				}
			}
			require.Equal(t, 50, came)
			requireWorks(t, pool)
		}},
		{"test_make_pool", func(t *testing.T) {
			require.Len(t, pids(pool), 3)
			require.Equal(t, 3, pool.Workers())
		}},
		{"test_terminate", func(t *testing.T) {
			pool, stderr := newPoolHeard(t, 2)
			mapped := make(chan error)
			go func() { mapped <- errorOf(spin.Map(background, pool, make([]bool, 10_000))) }()
			requireLine(t, "begun", stderr)
			pool.Close()
			require.EqualError(t, <-mapped, `procpool: task "spin": the pool is closed`)
		}},
		{"test_empty_iterable", func(t *testing.T) {
			outs, err := double.Map(background, pool, nil)
			require.NoError(t, err)
			require.Empty(t, outs)
			require.Empty(t, slices.Collect(double.Results(background, pool, numbers(0))))
		}},
		{"test_traceback", func(t *testing.T) {
			_, err := divide.Map(background, pool, []int{1, 0})
			require.ErrorContains(t, err, "tasks_test.go")
		}},
		{"test_wrapped_exception", func(t *testing.T) {
			_, err := refuseOdd.Call(background, pool, 1)
			own, ok := errors.AsType[*TaskError](err)
			require.True(t, ok)
			require.Equal(t, "1: invalid argument", own.Error())
		}},
		{"test_map_no_failfast", func(t *testing.T) { // two errors of 1 MiB
			_, err := failAtLength.Map(background, pool, []int{1 << 20, 1 << 20})
			require.Error(t, err)
			require.Greater(t, len(err.Error()), 1<<20)
			requireWorks(t, pool)
		}},
		{"test_release_task_refs", func(t *testing.T) {
			things := make([]*thing, 10)
			seen := make([]weak.Pointer[thing], 10)
			for i := range things {
				things[i] = &thing{N: i}
				seen[i] = weak.Make(things[i])
			}
			copies, err := same.Map(background, pool, things)
			require.NoError(t, err)
			for _, th := range copies {
				seen = append(seen, weak.Make(th))
			}
			things, copies = nil, nil
			requireForgotten(t, seen...)
		}},
		{"test_enter", func(t *testing.T) {
			pool := newPool(t, 1)
			pool.Close()
			_, err := double.Call(background, pool, 1)
			require.EqualError(t, err, `procpool: task "double": the pool is closed`)
		}},
		{"test_unpickleable_result", func(t *testing.T) {
			before := pids(pool)
			for range 20 {
				_, err := carry.Call(background, pool, parcelBomb{"encode there", "fail"})
				require.EqualError(t, err, `procpool: task "carry": encode its result: boom`)
			}
			require.Equal(t, before, pids(pool), "no worker is lost by it")
		}},
		{"test_pool_worker_lifetime", func(t *testing.T) {
			pool := limitedPool(t, 3, 10)
			require.GreaterOrEqual(t, len(pidsOf(t, pool, 100)), 10)
		}},
		{"test_pool_worker_lifetime, of a map", func(t *testing.T) {
			pool := limitedPool(t, 2, 10)
			ran, err := pid.Map(background, pool, make([]int, 100))
			require.NoError(t, err)
			tasks := make(map[int]int)
			for _, n := range ran {
				tasks[n]++
				require.LessOrEqual(t, tasks[n], 10)
			}
		}},
		{"test_pool_worker_lifetime_early_close", func(t *testing.T) {
			pool := limitedPool(t, 3, 1)
			requireDoubles(t, pool, 6)
			pool.Close()
		}},
		{"test_pool_maxtasksperchild_invalid", func(t *testing.T) {
			_, err := Config{Workers: 1, TasksPerWorker: -1}.New(background)
			require.ErrorContains(t, err, "no number may be negative")
		}},
	})
}

func payAll(t *testing.T, debts []debt) {
	for _, d := range debts {
		t.Run(d.python, d.pay)
	}
}

func requireCall[In, Out any](t *testing.T, want Out, task *Task[In, Out], pool *Pool, in In) {
	t.Helper()
	out, err := task.Call(background, pool, in)
	require.NoError(t, err)
	require.Equal(t, want, out)
}

func doubles(n int) []int {
	outs := make([]int, n)
	for i := range outs {
		outs[i] = 2 * i
	}
	return outs
}

func requireDoubles(t *testing.T, pool *Pool, n int) {
	t.Helper()
	outs, err := double.Map(background, pool, slices.Collect(numbers(n)))
	require.NoError(t, err)
	require.Equal(t, doubles(n), outs)
}

// pidsOf returns which workers have run so many tasks, called one by one.
func pidsOf(t *testing.T, pool *Pool, tasks int) map[int]bool {
	ran := make(map[int]bool)
	for range tasks {
		n, err := pid.Call(background, pool, 0)
		require.NoError(t, err)
		ran[n] = true
	}
	return ran
}

func limitedPool(t *testing.T, workers, tasks int) *Pool {
	pool, err := Config{Workers: workers, TasksPerWorker: tasks}.New(background)
	require.NoError(t, err)
	t.Cleanup(func() { pool.Close() })
	return pool
}

func requireForgotten[T any](t *testing.T, seen ...weak.Pointer[T]) {
	t.Helper()
	for _, w := range seen {
		for range 100 {
			if w.Value() != nil {
				runtime.GC()
			}
		}
		require.Nil(t, w.Value(), "nobody keeps it")
	}
}

func errorOf[T any](_ T, err error) error { return err }
