package main

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/python"
)

// nats-py isn't there, so worker and sender talk to a stand-in for it: it shows
// what they say to a server, and in which order.
func TestWorkerAndSenderInPython(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("asyncio has no signal handlers on Windows")
	}
	i, err := python.Find(t.Context(), "")
	if err != nil {
		t.Skip(err)
	}
	files := make(fstest.MapFS)
	for _, path := range []string{"nats_worker.py", "nats_sender.py", "testdata/nats.py", "testdata/nats_check.py"} {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		files[filepath.Base(path)] = &fstest.MapFile{Data: text}
	}
	said, err := i.Output(t.Context(), files, "nats_check.py")
	if old, ok := errors.AsType[*python.TooOld](err); ok {
		t.Skip(old)
	}
	require.NoError(t, err)
	want, err := os.ReadFile("testdata/nats_check.txt")
	require.NoError(t, err)
	require.Equal(t, string(want), said)
}
