package main

import (
	"testing"

	"github.com/stretchr/testify/require"
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
