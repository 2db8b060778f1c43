package eventloop

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// Where the system has no descriptor left, Accept says so and tries again, and
// the loop lives.
func TestNoDescriptorLeft(t *testing.T) {
	again := acceptAgain
	acceptAgain = time.Millisecond
	defer func() { acceptAgain = again }()
	var limit unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &limit))
	pollers(t, func(t *testing.T, loop *Loop) {
		warned := make(chan string, 1)
		loop.Warn = func(m string) {
			select {
			case warned <- m:
			default:
			}
		}
		require.NoError(t, loop.Run(t.Context(), func(co *Coroutine) error {
			l, err := Listen(co, "127.0.0.1:0")
			require.NoError(t, err)
			c, err := net.Dial("tcp", l.Addr().String())
			require.NoError(t, err)
			defer c.Close()

			tight := limit
			tight.Cur = 0
			require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &tight))
			co.Loop().CallLater(5*time.Millisecond, func() {
				require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &limit))
			})
			ticks := 0
			beat := Go(co, func(co *Coroutine) (int, error) {
				for Sleep(co, time.Millisecond) == nil {
					ticks++
				}
				return 0, nil
			})
			s, err := l.Accept(co)
			require.NoError(t, err)
			require.NoError(t, s.Close())
			beat.Cancel(nil)
			require.Positive(t, ticks, "the loop lives")
			return nil
		}))
		require.Contains(t, <-warned, "too many open files: trying again in 1ms")
	})
}

// wakeInVain wakes who reads, though nothing has come. On the portable poller
// nobody is woken in vain.
func wakeInVain(s *Stream) {
	if socket, ok := s.conn.(*socket); ok {
		socket.reading.now()
	}
}
