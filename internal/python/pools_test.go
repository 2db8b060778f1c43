package python

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// The names are short, as a temporary folder is named after them, and a fork
// server has a socket there.
func TestCPUTimeOfPools(t *testing.T) {
	run := func(kind string) {
		t.Run(kind, func(t *testing.T) {
			samples, err := runSection(t, t.Context(), Twin{Section: "cpu-time-of-pool", Args: map[string]any{"kind": kind}})
			require.NoError(t, err)
			told := samples.Estimate("told").Median
			require.GreaterOrEqual(t, told, 0.04)
			require.GreaterOrEqual(t, samples.Estimate("counted").Median, told)
		})
	}
	methods := []string{"spawn"}
	if runtime.GOOS == "linux" {
		methods = append(methods, "fork", "forkserver")
	}
	for _, method := range methods {
		run(method)
	}
	run("threads")
	if !older(realPython(t).Version, "3.14") {
		run("interpreters")
	}
}
