//go:build unix

package procpool

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func escape(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

func stopSelf() { syscall.Kill(os.Getpid(), syscall.SIGSTOP) }

// alive tells whether there is a process, one that is more than a zombie.
func alive(pid int) bool {
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
		_, state, _ := strings.Cut(string(stat), ") ")
		return state[0] != 'Z'
	}
	return syscall.Kill(pid, 0) == nil
}

// limitDescriptors allows this process that many, until lift is called.
func limitDescriptors(n uint64) (lift func()) {
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &before); err != nil {
		panic(err)
	}
	set := func(r syscall.Rlimit) {
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &r); err != nil {
			panic(err)
		}
	}
	after := before
	assign(&after.Cur, n)
	set(after)
	return func() { set(before) }
}

// assign sets a limit, which is signed on some systems.
func assign[T int64 | uint64](limit *T, n uint64) { *limit = T(n) }

// strayOf reads the process id that a stray task has written.
func strayOf(t *testing.T, stderr *bufio.Reader) (pid int) {
	line, err := stderr.ReadString('\n')
	require.NoError(t, err)
	_, said, _ := strings.Cut(line, ": ")
	_, err = fmt.Sscan(said, &pid)
	require.NoError(t, err, line)
	return pid
}

func TestWhatATaskStartedEndsWithItsWorker(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *Pool, *bufio.Reader) int{
		"at Close": func(t *testing.T, pool *Pool, stderr *bufio.Reader) int {
			go stray.Call(background, pool, leaving{})
			pid := strayOf(t, stderr)
			require.True(t, alive(pid))
			pool.Close()
			return pid
		},
		"at the end of a context": func(t *testing.T, pool *Pool, stderr *bufio.Reader) int {
			ctx, cancel := context.WithCancel(background)
			called := make(chan error)
			go func() {
				_, err := stray.Call(ctx, pool, leaving{Then: "spin"})
				called <- err
			}()
			pid := strayOf(t, stderr)
			cancel()
			require.ErrorIs(t, <-called, context.Canceled)
			return pid
		},
		"at its death": func(t *testing.T, pool *Pool, stderr *bufio.Reader) int {
			called := make(chan error)
			go func() {
				_, err := stray.Runs(1).Call(background, pool, leaving{Then: "exit"})
				called <- err
			}()
			pid := strayOf(t, stderr)
			require.ErrorIs(t, <-called, ErrWorkerDied)
			return pid
		},
	} {
		t.Run(name, func(t *testing.T) {
			pool, stderr := newPoolHeard(t, 1)
			requireGone(t, end(t, pool, stderr))
		})
	}
}

// A program that has left the worker's process group lives on, and keeps what it
// could get. Nobody waits for it.
func TestNobodyWaitsForWhatGotAway(t *testing.T) {
	pool, stderr := newPoolHeard(t, 1)
	go stray.Call(background, pool, leaving{Escape: true})
	pid := strayOf(t, stderr)
	pool.Close()
	require.True(t, alive(pid))
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	requireGone(t, pid)
}

// However a program ends, its workers end, and what their tasks have started: on
// Linux also a worker that is stopped, and one in a loop that Go cannot interrupt.
func TestNoWorkerOutlivesItsProgram(t *testing.T) {
	exe, err := os.Executable()
	require.NoError(t, err)
	processes := 2 + 1 // workers, and what they have started
	if runtime.GOOS == "linux" {
		processes = 3 + 2
	}
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		t.Run(signal.String(), func(t *testing.T) {
			r, w, err := os.Pipe()
			require.NoError(t, err)
			defer r.Close()
			parent := exec.Command(exe)
			parent.Env = append(os.Environ(), program+"=has busy workers")
			parent.Stderr = w
			require.NoError(t, parent.Start())
			w.Close()
			family := make(map[int]bool)
			for stderr := bufio.NewReader(r); len(family) < processes; {
				line, err := stderr.ReadString('\n')
				require.NoError(t, err)
				var worker, stray int
				n, _ := fmt.Sscanf(line, "worker %d: %d", &worker, &stray)
				for _, pid := range []int{worker, stray}[:n] {
					family[pid] = true
				}
			}
			require.NoError(t, parent.Process.Signal(signal))
			require.Error(t, parent.Wait())
			requireGone(t, slices.Collect(maps.Keys(family))...)
		})
	}
}

func TestTheTerminalsCtrlCEndsNoTask(t *testing.T) {
	pool := newPool(t, 1)
	worker, err := pid.Call(background, pool, 0)
	require.NoError(t, err)
	group, err := syscall.Getpgid(worker)
	require.NoError(t, err)
	require.NotEqual(t, syscall.Getpgrp(), group, "it signals the terminal's process group")
}
