//go:build unix

package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestShutDownOnARealSignal(t *testing.T) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	for _, sent := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		var underWay sync.WaitGroup
		stop := make(chan struct{})
		underWay.Go(func() { <-stop })
		require.NoError(t, syscall.Kill(os.Getpid(), sent))
		close(stop)
		shutDown(signals, time.Hour, &underWay, func() { t.Error("nothing was to be cut off") })
	}
}

func TestChildrenOfAProgramAreKilled(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := outputOf(ctx, "sh", "-c", `sleep 3600 & echo $! > "$0.new"; mv "$0.new" "$0"; wait`, file)
		ended <- err
	}()
	var pid []byte
	require.Eventually(t, func() (ok bool) {
		text, err := os.ReadFile(file)
		pid = text
		return err == nil
	}, time.Minute, time.Millisecond)
	require.True(t, alive(string(pid)))
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	require.Eventually(t, func() bool { return !alive(string(pid)) }, time.Minute, time.Millisecond)
}

func TestWhatAKilledProgramSaidIsThere(t *testing.T) {
	for _, limit := range []time.Duration{100 * time.Millisecond, time.Second, 20 * time.Second} {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		output, err := outputOf(ctx, "sh", "-c", "echo half; sleep 3600")
		cancel()
		require.ErrorIs(t, err, context.DeadlineExceeded)
		if output == "half\n" {
			return
		}
	}
	t.Error("nothing is left of it")
}

// alive tells whether a process still runs: one that has ended may be there
// until somebody asks how.
func alive(pid string) bool {
	state, err := exec.Command("ps", "-o", "stat=", "-p", strings.TrimSpace(pid)).Output()
	return err == nil && !strings.HasPrefix(string(state), "Z")
}

func TestChildThatLeftTheGroupKeepsNobody(t *testing.T) {
	if _, err := exec.LookPath("setsid"); err != nil {
		t.Skip(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := outputOf(ctx, "sh", "-c", "setsid sleep 20 & sleep 20")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), 15*time.Second)
}

func TestMuchOutputBlocksNoProgram(t *testing.T) {
	output, err := outputOf(t.Context(), "sh", "-c", "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2")
	require.NoError(t, err)
	require.Len(t, output, 1_000_000)
	require.NoError(t, runProgram(t.Context(), io.Discard))
}

func TestChildThatHoldsThePipeIsNoFailure(t *testing.T) {
	output, err := outputOf(t.Context(), "sh", "-c", "echo done; sleep 10 &")
	require.NoError(t, err)
	require.Equal(t, "done\n", output)
}
