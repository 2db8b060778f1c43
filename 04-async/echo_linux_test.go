package main

import (
	"io"
	"net"
	"runtime/pprof"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is called a thread each must be one: a descriptor that doesn't block
// would be waited for by the runtime, and a handful of threads would serve all.
func TestServeThreadsTakesAThreadForEachGuest(t *testing.T) {
	for _, c := range []struct {
		serve   func(net.Listener)
		threads bool
	}{{serveGoroutines, false}, {serveThreads, true}} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer l.Close()
		go c.serve(l)
		const guests = 100
		before := pprof.Lookup("threadcreate").Count()
		for range guests {
			guest, err := net.Dial("tcp", l.Addr().String())
			require.NoError(t, err)
			defer guest.Close()
			_, err = guest.Write([]byte("soup"))
			require.NoError(t, err)
			answer := make([]byte, 4)
			_, err = io.ReadFull(guest, answer)
			require.NoError(t, err)
			require.Equal(t, "soup", string(answer))
		}
		more := pprof.Lookup("threadcreate").Count() - before
		if c.threads {
			require.GreaterOrEqual(t, before+more, guests)
		} else {
			require.Less(t, more, guests/2)
		}
	}
}
