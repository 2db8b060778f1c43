//go:build unix

package workload

import (
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Where the system does not allow enough open files, a request says so instead
// of waiting for ever.
func TestTooFewOpenFiles(t *testing.T) {
	site, err := Serve(time.Millisecond)
	require.NoError(t, err)
	defer site.Close()
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit))
	tight := limit
	tight.Cur = 64
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &tight))
	defer func() { require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)) }()
	require.ErrorContains(t, site.FetchAll(t.Context(), 100, 1), "raise it with ulimit -n")
	for site.FetchAll(t.Context(), 5, 2) != nil { // until those that were broken off are closed
		runtime.Gosched()
	}
}
