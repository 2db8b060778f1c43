package main

import (
	"os"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/python"
)

// nats-py isn't there, so the worker in Python can't run. But it's Python.
func TestWorkerInPythonCompiles(t *testing.T) {
	const name = "nats_worker.py"
	i, err := python.Find(t.Context(), "")
	if err != nil {
		t.Skip(err)
	}
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	out, err := i.Output(t.Context(), fstest.MapFS{
		name:         {Data: text},
		"compile.py": {Data: []byte("compile(open('" + name + "', encoding='utf-8').read(), '" + name + "', 'exec')\nprint('fine')\n")},
	}, "compile.py")
	require.NoError(t, err)
	require.Equal(t, "fine\n", out)
}
