package procpool

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// chaos lets the world do to a pool what it can, in full.
var chaos = flag.Bool("chaos", false, "kill 50 workers in 2,000 tasks, not 8 in 200")

// workersOf returns the process ids of this process's workers, also of those
// that a pool is about to start, or has just seen die.
func workersOf(t testing.TB) (pids []int) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	require.NoError(t, err)
	self := fmt.Sprint(os.Getpid())
	for _, file := range files {
		stat, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		if fields := strings.Fields(rest); len(fields) < 2 || fields[0] == "Z" || fields[1] != self {
			continue
		}
		arguments, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "cmdline"))
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil && bytes.Contains(arguments, []byte(marker)) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// A killer kills a worker each time that so many more tasks are done. Some are
// idle then, some are starting, some are in the middle of a frame.
type killer struct {
	every, done atomic.Int64
	bell        chan bool
	killed      int
	end         sync.WaitGroup
}

func letLoose(t *testing.T, tasks, kills int) *killer {
	k := &killer{bell: make(chan bool, kills)}
	k.every.Store(int64(max(1, tasks/(kills+1))))
	k.end.Go(func() {
		for range k.bell {
			for range 1 + rand.IntN(3) { // and, once in a while, the one that takes its place
				if victims := workersOf(t); len(victims) > 0 && k.killed < kills {
					k.killed++
					syscall.Kill(victims[rand.IntN(len(victims))], syscall.SIGKILL)
				}
			}
		}
	})
	return k
}

func (k *killer) taskDone() {
	if k.done.Add(1)%k.every.Load() == 0 {
		select {
		case k.bell <- true:
		default: // it is at work
		}
	}
}

func (k *killer) stop() int {
	close(k.bell)
	k.end.Wait()
	return k.killed
}

func TestChaos(t *testing.T) {
	tasks, kills := 200, 8
	if *chaos {
		tasks, kills = 2000, 50
	}
	for name, run := range map[string]func(t *testing.T, tasks, kills int){
		"calls": chaosOfCalls, "results": chaosOfResults, "maps": chaosOfMaps, "stops": chaosOfStops, "closes": chaosOfCloses,
	} {
		t.Run(name, func(t *testing.T) {
			quietPool(t, 1).Close() // so that what the runtime opens once is open
			files, routines := openFiles(t), runtime.NumGoroutine()
			run(t, tasks, kills)
			for runtime.NumGoroutine() > routines || openFiles(t) > files || len(workersOf(t)) > 0 {
				runtime.Gosched() // what is left is about to end
			}
		})
	}
}

// A task is lost only if it kills three workers.
func chaosOfCalls(t *testing.T, tasks, kills int) {
	pool := quietPool(t, 4)
	defer pool.Close()
	k := letLoose(t, tasks, kills)
	murderer := doom{Deaths: 1000, File: filepath.Join(t.TempDir(), "begun")}
	frame := bytes.Repeat([]byte("kettle "), 40_000)
	var next atomic.Int64
	var callers sync.WaitGroup
	for range 6 {
		callers.Go(func() {
			for i := int(next.Add(1)); i <= tasks; i = int(next.Add(1)) {
				switch {
				case i == tasks/2:
					_, err := perish.Call(background, pool, murderer)
					checkError(t, err, ErrWorkerDied)
				case i%8 == 0:
					out, err := echo.Call(background, pool, frame)
					checkRight(t, bytes.Equal(frame, out), err)
				default:
					out, err := slow.Call(background, pool, i)
					checkRight(t, out == 2*i, err)
				}
				k.taskDone()
			}
		})
	}
	callers.Wait()
	t.Log(k.stop(), "kills")
	require.LessOrEqual(t, murderer.begun(t), tries)
}

func chaosOfResults(t *testing.T, tasks, kills int) {
	pool := quietPool(t, 3)
	defer pool.Close()
	k := letLoose(t, tasks, kills)
	seen := make([]bool, tasks)
	for r := range slow.Results(background, pool, numbers(tasks)) {
		checkRight(t, r.Value == 2*r.Index && !seen[r.Index], r.Err)
		seen[r.Index] = true
		k.taskDone()
	}
	t.Log(k.stop(), "kills")
	require.NotContains(t, seen, false)
}

func chaosOfMaps(t *testing.T, tasks, kills int) {
	k := letLoose(t, tasks, kills)
	progress := filepath.Join(t.TempDir(), "progress")
	require.NoError(t, os.WriteFile(progress, nil, 0o600))
	t.Setenv(progressFile, progress)
	pool := quietPool(t, 2)
	defer pool.Close()
	mapped := make(chan bool)
	go func() { // a Map tells nobody how far it is: its tasks do
		for seen := int64(0); ; {
			select {
			case <-mapped:
				return
			default:
			}
			if info, err := os.Stat(progress); err == nil && info.Size() > seen {
				seen += int64(len(fmt.Sprintf(progressLine, 0)))
				k.taskDone()
			}
			runtime.Gosched()
		}
	}()
	for from := 0; from < 3*tasks; from += tasks {
		ins, want := make([]int, tasks), make([]int, tasks)
		for i := range ins {
			ins[i], want[i] = from+i, 2*(from+i)
		}
		outs, err := slow.Map(background, pool, ins)
		if value, ok := errors.AsType[*ValueError](err); ok {
			runs, err := os.ReadFile(progress)
			require.NoError(t, err)
			require.Equal(t, tries, bytes.Count(runs, fmt.Appendf(nil, progressLine, ins[value.Index])),
				"a task is lost only if it had begun in three workers that died")
			t.Log("lost to three kills:", value)
			continue
		}
		checkRight(t, slices.Equal(want, outs), err)
	}
	mapped <- true
	t.Log(k.stop(), "kills")
}

// Workers that are stopped delay, and lose nothing.
func chaosOfStops(t *testing.T, tasks, kills int) {
	pool := quietPool(t, 2)
	defer pool.Close()
	ins := slices.Collect(numbers(tasks))
	for range 2 {
		before := pids(pool)
		var mapped sync.WaitGroup
		mapped.Go(func() {
			outs, err := slow.Map(background, pool, ins)
			checkRight(t, len(outs) == tasks && outs[tasks-1] == 2*(tasks-1), err)
		})
		for _, pid := range before {
			require.NoError(t, syscall.Kill(pid, syscall.SIGSTOP))
		}
		if *chaos {
			<-time.After(time.Second)
		}
		for _, pid := range before {
			require.NoError(t, syscall.Kill(pid, syscall.SIGCONT))
		}
		mapped.Wait()
		require.Equal(t, before, pids(pool))
	}
}

// A call either has its result or is told that the pool is closed.
func chaosOfCloses(t *testing.T, tasks, kills int) {
	for range max(1, kills/5) {
		pool := quietPool(t, 2)
		var callers sync.WaitGroup
		var done atomic.Int64
		for range 4 {
			callers.Go(func() {
				for {
					out, err := slow.Call(background, pool, 21)
					if err != nil {
						checkError(t, err, ErrClosed)
						return
					}
					checkRight(t, out == 42, nil)
					done.Add(1)
				}
			})
		}
		for end := rand.Int64N(20); done.Load() < end; {
			runtime.Gosched()
		}
		pool.Close()
		callers.Wait()
	}
}

// A death costs what it has to: the results that have come are kept, and nothing
// that had not begun counts as a run.
func TestDeathInALargeMap(t *testing.T) {
	pool := quietPool(t, 1)
	ins := make([]doom, 30_000)
	for i := range ins {
		ins[i].Value = i
	}
	ins[20_000] = doom{Value: 20_000, Deaths: 2, File: filepath.Join(t.TempDir(), "begun")}
	before := writes(t)
	outs, err := perish.Map(background, pool, ins)
	require.NoError(t, err)
	require.Equal(t, slices.Collect(numbers(30_000)), outs)
	require.Equal(t, 3, ins[20_000].begun(t))
	require.Less(t, writes(t)-before, 1000, "not one by one")
}

// writes returns how often this process has written anything anywhere.
func writes(t *testing.T) (n int) {
	text, err := os.ReadFile("/proc/self/io")
	require.NoError(t, err)
	_, rest, _ := strings.Cut(string(text), "syscw: ")
	_, err = fmt.Sscan(rest, &n)
	require.NoError(t, err)
	return n
}
