package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/again"
)

// mark is in the environment of all that a test starts, and of what that starts.
const mark = "MANY_MACHINES_OF"

// watch marks what the test starts, and lets it work in a folder of its own.
func watch(t *testing.T) {
	t.Setenv(mark, t.Name())
	t.Setenv("TMPDIR", t.TempDir())
}

// leftBehind returns the processes and files that a watched test has left.
func leftBehind(t *testing.T) (left []string) {
	environs, err := filepath.Glob("/proc/[0-9]*/environ")
	require.NoError(t, err)
	for _, path := range environs {
		text, _ := os.ReadFile(path) // it may be gone, or another user's; that of a zombie is empty
		if bytes.Contains(text, []byte(mark+"="+t.Name()+"\x00")) {
			left = append(left, path)
		}
	}
	files, err := filepath.Glob(filepath.Join(os.TempDir(), "*"))
	require.NoError(t, err)
	return append(left, files...)
}

// soonNothing waits until all have noticed that they should end.
func soonNothing(t *testing.T) {
	require.Eventually(t, func() bool { return len(leftBehind(t)) == 0 }, time.Minute, 20*time.Millisecond, "%v", leftBehind(t))
}

func TestNothingIsLeftBehind(t *testing.T) {
	watch(t)
	for _, demo := range []func(context.Context, io.Writer) error{workQueue, startAgain} {
		require.NoError(t, demo(t.Context(), io.Discard))
		require.Empty(t, leftBehind(t))
	}
}

// A stopper ends a run when it says its first word.
type stopper func()

func (s stopper) Write(text []byte) (int, error) {
	s()
	return len(text), nil
}

func TestNothingIsLeftWhenInterrupted(t *testing.T) {
	watch(t)
	for _, demo := range []func(context.Context, io.Writer) error{workerDies, serverDies, slowWorker} {
		ctx, cancel := context.WithCancel(t.Context())
		require.Error(t, demo(ctx, stopper(cancel)))
		require.Empty(t, leftBehind(t))
	}
}

// chief has servers and workers, and is killed.
var chief = again.Define("chief", func(servers int) error {
	ctx := context.Background()
	q, err := openQueue(ctx, time.Minute)
	if err != nil {
		return err
	}
	if err := q.put(ctx, "tasks", "a table", 1); err != nil {
		return err
	}
	if err := q.hire(ctx, 1, doomedWaiter); err != nil { // which is busy for ever
		return err
	}
	others, err := startCluster(ctx, servers)
	if err != nil {
		return err
	}
	defer others.close()
	if err := others.kill("server-1"); err != nil {
		return err
	}
	if err := again.Say("here"); err != nil {
		return err
	}
	select {}
})

func TestNothingIsLeftOfAKilledProgram(t *testing.T) {
	watch(t)
	ctx, kill := context.WithCancel(t.Context())
	var here string
	c, err := chief.Start(ctx, 3, &here)
	require.NoError(t, err)
	require.Len(t, leftBehind(t), 1+1+1+2+2, "itself, a server, a worker, two of three servers; two folders")
	kill()
	require.Error(t, c.Stop())
	soonNothing(t)
}
