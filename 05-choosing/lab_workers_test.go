package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"concurrency-notebook/internal/measure"
)

// A desk keeps the connections that it has, also where it is asked for fewer.
func TestDeskConnects(t *testing.T) {
	server := startTestWaiter(t, 1)
	var d desk
	defer func() { d.close() }()
	for _, c := range []struct{ ask, want int }{{2, 2}, {5, 5}, {3, 5}} {
		require.NoError(t, d.connect(server.Addresses, c.ask))
		require.Len(t, d.free, c.want)
	}
	require.NoError(t, d.do(t.Context(), 10, 5))
	require.Len(t, d.free, 5)
}

func TestDeskProfile(t *testing.T) {
	var s measure.Samples
	s.Add("alone", 0.060)    // ten tasks of 6 ms
	s.Add("alone/cpus", 0.1) // of which a tenth is computing
	s.Add("together", 0.040)
	s.Add("together/cpus", 1.5) // a hundred tasks, 60 ms of computing
	p := deskProfile(s, 2)
	require.Equal(t, 5400*time.Microsecond, p.Wait)
	require.Equal(t, 600*time.Microsecond, p.CPU)
	require.Equal(t, 2, p.CPUs)
	require.Positive(t, p.Tasks)
}
