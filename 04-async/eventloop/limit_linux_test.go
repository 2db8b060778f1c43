package eventloop

import (
	"net"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// Where the system has no descriptor left, Accept says so and tries again after a
// while, and the loop lives.
func TestNoDescriptorLeft(t *testing.T) {
	again := acceptAgain
	acceptAgain = 20 * time.Millisecond
	defer func() { acceptAgain = again }()
	var limit unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &limit))
	pollers(t, func(t *testing.T, loop *Loop) {
		var warned []string
		loop.Warn = func(m string) { warned = append(warned, m) }
		require.NoError(t, loop.Run(t.Context(), func(co *Coroutine) error {
			l, err := Listen(co, "127.0.0.1:0")
			require.NoError(t, err)
			c, err := net.Dial("tcp", l.Addr().String())
			require.NoError(t, err)
			defer c.Close()

			tight := limit
			tight.Cur = 0
			require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &tight))
			ticks := 0
			beat := task(co, func(co *Coroutine) error {
				for Sleep(co, 0) == nil {
					if len(warned) == 0 {
						continue // it has not been tried yet
					}
					if ticks++; ticks == 50 {
						require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &limit))
					}
				}
				return nil
			})
			s, err := l.Accept(co)
			require.NoError(t, err)
			require.NoError(t, s.Close())
			beat.Cancel(nil)
			require.GreaterOrEqual(t, ticks, 50, "the loop lives")
			return nil
		}))
		require.Len(t, warned, 1, "once, and then it waits")
		require.Contains(t, warned[0], "too many open files: trying again in 20ms")
	})
}

// Without a descriptor for the poller, Run fails, and may be tried again.
func TestNoDescriptorForThePoller(t *testing.T) {
	var limit unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &limit))
	tight := limit
	tight.Cur = 0
	var l Loop
	require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &tight))
	err := l.Run(t.Context(), naps(0))
	require.NoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &limit))
	require.ErrorIs(t, err, unix.EMFILE)
	called := false
	l.CallSoonThreadsafe(func() { called = true })
	require.NoError(t, l.Run(t.Context(), naps(0)))
	require.True(t, called)
}

// A Dial that nothing answers waits: here the listener's backlog is full.
func TestDialWaits(t *testing.T) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	defer unix.Close(fd)
	require.NoError(t, unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	require.NoError(t, unix.Listen(fd, 0))
	name, err := unix.Getsockname(fd)
	require.NoError(t, err)
	at := tcpAddr(name).String()
	first, err := net.Dial("tcp", at) // fills it
	require.NoError(t, err)
	defer first.Close()
	descriptors := openDescriptors()
	pollers(t, func(t *testing.T, loop *Loop) {
		require.NoError(t, loop.Run(t.Context(), func(co *Coroutine) error {
			err := Timeout(co, 50*time.Millisecond, func(co *Coroutine) error { _, err := Dial(co, at); return err })
			require.ErrorIs(t, err, ErrTimeout)
			return nil
		}))
	})
	require.Equal(t, descriptors, openDescriptors())
}

// counting counts how often the poller is asked.
type counting struct {
	poller
	waits int
}

func (c *counting) wait(d time.Duration) error { c.waits++; return c.poller.wait(d) }

// A loop that waits for a timer doesn't ask over and over as the time comes near.
func TestWaitingIsNotAsking(t *testing.T) {
	pollers(t, func(t *testing.T, loop *Loop) {
		require.NoError(t, loop.Run(t.Context(), func(co *Coroutine) error {
			c := &counting{poller: loop.poller}
			loop.poller = c
			for range 10 {
				Sleep(co, 1900*time.Microsecond)
			}
			require.LessOrEqual(t, c.waits, 30)
			return nil
		}))
	})
}

// Urgent data, at which the system stops a read, does not stop the stream.
func TestUrgentData(t *testing.T) {
	done := make(chan none, 2)
	withPeer(t, func(c *net.TCPConn) {
		defer func() { <-done }()
		raw, _ := c.SyscallConn()
		raw.Control(func(fd uintptr) {
			unix.Write(int(fd), []byte("abc"))
			unix.Sendto(int(fd), []byte("!"), unix.MSG_OOB, nil)
			unix.Write(int(fd), []byte("def"))
		})
	}, func(t *testing.T, co *Coroutine, s *Stream) {
		Sleep(co, 5*time.Millisecond)
		text := make([]byte, 6)
		err := Timeout(co, time.Second, func(co *Coroutine) error { _, err := s.ReadFull(co, text); return err })
		done <- none{}
		require.NoError(t, err)
		require.Equal(t, "abcdef", string(text))
	})
}

// Both pollers set the options that package net sets, at both ends.
func TestOptions(t *testing.T) {
	options := func(t *testing.T, want net.Addr) (values []int) {
		entries, err := os.ReadDir("/proc/self/fd")
		require.NoError(t, err)
		for _, e := range entries {
			fd, _ := strconv.Atoi(e.Name())
			if name, err := unix.Getsockname(fd); err != nil || tcpAddr(name) == nil || tcpAddr(name).String() != want.String() {
				continue
			}
			if _, err := unix.Getpeername(fd); err != nil {
				continue // the listener
			}
			for _, o := range [][2]int{{unix.IPPROTO_TCP, unix.TCP_NODELAY}, {unix.SOL_SOCKET, unix.SO_KEEPALIVE},
				{unix.IPPROTO_TCP, unix.TCP_KEEPIDLE}, {unix.IPPROTO_TCP, unix.TCP_KEEPINTVL}, {unix.IPPROTO_TCP, unix.TCP_KEEPCNT}} {
				v, err := unix.GetsockoptInt(fd, o[0], o[1])
				require.NoError(t, err)
				values = append(values, v)
			}
		}
		return values
	}
	pollers(t, func(t *testing.T, loop *Loop) {
		require.NoError(t, loop.Run(t.Context(), func(co *Coroutine) error {
			l, err := Listen(co, "127.0.0.1:0")
			require.NoError(t, err)
			s, err := Dial(co, l.Addr().String())
			require.NoError(t, err)
			p, err := l.Accept(co)
			require.NoError(t, err)
			want := []int{1, 1, 15, 15, 9}
			require.Equal(t, want, options(t, s.LocalAddr()))
			require.Equal(t, want, options(t, p.LocalAddr()))
			return nil
		}))
	})
}

// wakeInVain wakes who reads, though nothing has come. On the portable poller
// nobody is woken in vain.
func wakeInVain(s *Stream) {
	if socket, ok := s.conn.(*socket); ok {
		socket.reading.now()
	}
}
