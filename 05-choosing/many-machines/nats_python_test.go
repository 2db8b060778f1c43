package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/python"
)

// nats-py isn't there: worker and sender talk to the server through a stand-in.
func TestWorkerAndSenderInPython(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("asyncio has no signal handlers on Windows")
	}
	i, err := python.Find(t.Context(), "")
	if err != nil {
		t.Skip(err)
	}
	servers, err := startCluster(t.Context(), 1)
	require.NoError(t, err)
	defer servers.close()
	host, port, _ := strings.Cut(strings.TrimPrefix(servers.address(), "nats://"), ":")
	files := fstest.MapFS{"server.py": {Data: fmt.Appendf(nil, "ADDRESS = (%q, %s)\n", host, port)}}
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
	require.Equal(t, `17984 primes
2 tasks are rejected, with a note on each; none is left
the worker has ended; what came too late is in delivery 2
ZeroDivisionError: it comes again in 120 s
TimeoutError: it comes again in 120 s
it's stuck: exit 1
`, said)
}
