package procpool

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTaskWhoseWorkerDiesRunsAgain(t *testing.T) {
	pool := newPool(t, 2)
	d := doom{Value: 7, Deaths: 2, File: filepath.Join(t.TempDir(), "begun")}
	n, err := perish.Call(background, pool, d)
	require.NoError(t, err)
	require.Equal(t, 7, n)
	require.Equal(t, 3, d.begun(t))
}

func TestTaskThatKillsItsWorkersIsNamed(t *testing.T) {
	pool := newPool(t, 2)
	d := doom{Deaths: 1000, File: filepath.Join(t.TempDir(), "begun")}
	_, err := perish.Call(background, pool, d)
	require.ErrorIs(t, err, ErrWorkerDied)
	require.ErrorContains(t, err, `procpool: task "perish": the worker died: `)
	require.Equal(t, 3, d.begun(t))
	requireWorks(t, pool)

	ins := make([]doom, 200)
	ins[123] = doom{Deaths: 1000, File: filepath.Join(t.TempDir(), "begun too")}
	_, err = perish.Map(background, pool, ins)
	require.ErrorIs(t, err, ErrWorkerDied)
	require.ErrorContains(t, err, `procpool: task "perish", value 123 of 200: the worker died: `)
	require.Equal(t, 3, ins[123].begun(t))
	requireWorks(t, pool)
}

func TestTaskThatExitsIsNamed(t *testing.T) {
	pool := newPool(t, 1)
	_, err := exit.Call(background, pool, 3)
	require.EqualError(t, err, `procpool: task "exit": the worker died: exit status 3`)
	requireWorks(t, pool)
}

func TestTwentyDeathsInTwoThousandTasks(t *testing.T) {
	pool := newPool(t, 2)
	folder := t.TempDir()
	ins, want := make([]doom, 2000), make([]int, 2000)
	for i := range ins {
		ins[i].Value, want[i] = i, i
	}
	victims := rand.Perm(len(ins))[:20]
	for _, i := range victims {
		ins[i].Deaths, ins[i].File = 1, filepath.Join(folder, fmt.Sprint(i))
	}
	outs, err := perish.Map(background, pool, ins)
	require.NoError(t, err)
	require.Equal(t, want, outs)
	for _, i := range victims {
		require.GreaterOrEqual(t, ins[i].begun(t), 2, "value %d", i)
	}
}

func TestWorkersKilledAtRandom(t *testing.T) {
	pool := newPool(t, 2)
	want := make([]int, 100)
	ins := make([]int, 100)
	for i := range ins {
		ins[i], want[i] = i, 2*i
	}
	for range 20 {
		victim := pids(pool)[rand.IntN(2)]
		var killed sync.WaitGroup
		killed.Go(func() { kill(t, victim) })
		outs, err := double.Map(background, pool, ins) // a task meets this death and an older one at most
		require.NoError(t, err)
		require.Equal(t, want, outs)
		killed.Wait()
	}
}

// A worker that is killed before it said hello has run nothing.
func TestWorkersKilledAtTheirStart(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("on Windows, one that was killed has exited, with a status like others")
	}
	file := filepath.Join(t.TempDir(), "starts")
	t.Setenv(program, "is killed at its first starts")
	t.Setenv(startsFile, file)
	pool := quietPool(t, 1)
	requireCall(t, 2, double.Runs(1), pool, 1)
	require.Equal(t, hires, doom{File: file}.begun(t))

	t.Setenv(program, "never says hello")
	kill(t, pids(pool)[0])
	_, err := double.Call(background, pool, 1)
	require.ErrorContains(t, err, "no hello came ")
}

func TestIdleWorkersThatDiedAreReplaced(t *testing.T) {
	pool := newPool(t, 4)
	before := pids(pool)
	for _, pid := range before {
		kill(t, pid)
	}
	for range 4 {
		requireWorks(t, pool)
	}
	require.NotContains(t, pids(pool), before[0])
}

// pids returns the process ids of a pool's workers, none of which is in use; 0
// stands for one that has died and was not replaced yet.
func pids(pool *Pool) []int {
	var found []int
	for range pool.Workers() {
		w, pid := <-pool.idle, 0
		if w != nil {
			pid = w.process.Process.Pid
		}
		found = append(found, pid)
		pool.idle <- w
	}
	slices.Sort(found)
	return found
}

func kill(t *testing.T, pid int) {
	if pid == 0 {
		return
	}
	p, err := os.FindProcess(pid)
	require.NoError(t, err)
	require.NoError(t, p.Kill())
	p.Release()
}

func TestCallEndsWithItsContext(t *testing.T) {
	pool, stderr := newPoolHeard(t, 1)
	before := pids(pool)
	ctx, cancel := context.WithCancelCause(background)
	tired := errors.New("the cook is tired")
	go func() {
		requireLine(t, "begun", stderr)
		cancel(tired)
	}()
	_, err := spin.Call(ctx, pool, true)
	require.ErrorIs(t, err, tired)
	require.ErrorIs(t, err, context.Canceled)
	require.EqualError(t, err, `procpool: task "spin": the cook is tired`)
	requireWorks(t, pool)
	require.NotEqual(t, before, pids(pool), "the busy worker is replaced")
	requireGone(t, before...)

	before = pids(pool)
	_, err = double.Call(ctx, pool, 1)
	require.ErrorIs(t, err, tired)
	_, err = double.Map(ctx, pool, []int{1, 2, 3})
	require.ErrorIs(t, err, tired)
	require.Equal(t, before, pids(pool), "a call that does not begin costs no worker")
}

func TestCallWaitsForAWorkerNoLongerThanItsContext(t *testing.T) {
	pool, stderr := newPoolHeard(t, 1)
	var busy sync.WaitGroup
	busy.Go(func() { spin.Call(background, pool, true) })
	requireLine(t, "begun", stderr)
	ctx, cancel := context.WithCancel(background)
	waits := make(chan error)
	go func() {
		_, err := double.Call(ctx, pool, 1)
		waits <- err
	}()
	cancel()
	require.ErrorIs(t, <-waits, context.Canceled)
	pool.Close()
	busy.Wait()
}

func TestCloseDuringCalls(t *testing.T) {
	newPool(t, 1).Close() // so that what the runtime opens once is open
	files, routines := openFiles(t), runtime.NumGoroutine()
	pool, stderr := newPoolHeard(t, 2)
	errs := make(chan error)
	for range 2 {
		go func() {
			_, err := spin.Call(background, pool, true)
			errs <- err
		}()
	}
	busy := []int{requireLine(t, "begun", stderr), requireLine(t, "begun", stderr)}
	go func() {
		_, err := double.Map(background, pool, []int{1, 2, 3}) // waits for a worker
		errs <- err
	}()
	var closing sync.WaitGroup
	for range 3 {
		closing.Go(func() { pool.Close() })
	}
	for range 3 {
		require.ErrorIs(t, <-errs, ErrClosed)
	}
	closing.Wait()
	requireGone(t, busy...)
	_, err := double.Call(background, pool, 1)
	require.EqualError(t, err, `procpool: task "double": the pool is closed`)
	for runtime.NumGoroutine() > routines {
		runtime.Gosched() // those that have sent their error are about to end
	}
	require.Equal(t, files, openFiles(t))
}

// openFiles counts the descriptors of this process, where it can.
func openFiles(t *testing.T) int {
	if runtime.GOOS != "linux" {
		return 0
	}
	files, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(files)
}

func TestProgramsThatAreNoWorkers(t *testing.T) {
	for name, want := range map[string]string{
		"forgets Serve":    "exit status 4\n\nprocpool: start a pool: this process is a worker, which cannot have workers",
		"never says hello": "exit status 3",
	} {
		t.Setenv(program, name)
		_, err := New(2)
		require.ErrorContains(t, err, "procpool: start a pool: no hello came "+
			"(is procpool.Serve() the first line of main, and of TestMain?): the worker died: "+want)
	}
	for name, want := range map[string]string{
		"babbles":        `no frame begins with "Hello, world!\n"`,
		"sends too much": `no frame has the header {Mark:255 Kind:3 Fresh:false Eager:false Place:0 Count:0 CPU:0s Text:0 Values:1073741825 Raw:0}`,
	} {
		t.Setenv(program, name)
		pool := newPool(t, 1)
		_, err := double.Call(background, pool, 1)
		require.ErrorIs(t, err, ErrWorkerDied)
		require.ErrorContains(t, err, want)
	}
}
