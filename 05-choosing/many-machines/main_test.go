package main

import (
	"os"
	"testing"

	"concurrency-notebook/03-processes/procpool"
	"concurrency-notebook/internal/again"
)

// Servers and workers are this test binary, started again.
func TestMain(m *testing.M) {
	procpool.Serve()
	if again.Serve() {
		return
	}
	os.Setenv("GORACE", "atexit_sleep_ms=0") // or each of them waits for a second before it ends
	os.Exit(m.Run())
}
