package main

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func startTestWaiter(t *testing.T, crowd int) *waiter {
	t.Helper()
	server, err := startWaiter(crowd)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return server
}

func TestWaiter(t *testing.T) {
	server := startTestWaiter(t, 1)
	require.Len(t, server.Addresses, doors())
	for _, address := range server.Addresses[:2] {
		c, err := net.Dial("tcp", address)
		require.NoError(t, err)
		require.NoError(t, ask(c, 1))
		require.NoError(t, ask(c, 0))
		require.NoError(t, c.Close())
	}
}

// Whoever is inside when the server closes is sent away, and not waited for.
func TestWaiterCloses(t *testing.T) {
	server, err := startWaiter(2)
	require.NoError(t, err)
	c, err := net.Dial("tcp", server.Addresses[0])
	require.NoError(t, err)
	defer c.Close()
	require.NoError(t, ask(c, 0))
	require.NoError(t, server.Close())
	_, err = io.ReadFull(c, make([]byte, 1))
	require.Error(t, err)
}

// Those who wait for the crowd are answered when it is there, and not before; who
// has gone is no part of it.
func TestCrowd(t *testing.T) {
	const crowd = 3
	server := startTestWaiter(t, crowd)
	connect := func() net.Conn {
		c, err := net.Dial("tcp", server.Addresses[0])
		require.NoError(t, err)
		t.Cleanup(func() { c.Close() })
		_, err = c.Write([]byte{together})
		require.NoError(t, err)
		return c
	}
	gathered := func(n int) func() bool {
		return func() bool {
			server.mu.Lock()
			defer server.mu.Unlock()
			return len(server.gathered) == n
		}
	}
	for range 2 { // and again
		first, gone := connect(), connect()
		require.Eventually(t, gathered(2), 10*time.Second, time.Millisecond)
		require.NoError(t, gone.Close())
		require.Eventually(t, gathered(1), 10*time.Second, time.Millisecond)
		for _, c := range []net.Conn{connect(), connect(), first} {
			_, err := io.ReadFull(c, make([]byte, 1))
			require.NoError(t, err)
		}
		require.True(t, gathered(0)())
	}
}

func TestWaiterElsewhere(t *testing.T) {
	var addresses []string
	server, err := waiterElsewhere.Start(t.Context(), 1, &addresses)
	require.NoError(t, err)
	c, err := net.Dial("tcp", addresses[0])
	require.NoError(t, err)
	require.NoError(t, ask(c, 1))
	require.NoError(t, server.Stop())
	_, err = io.ReadFull(c, make([]byte, 1))
	require.Error(t, err, "the server has gone")
}
