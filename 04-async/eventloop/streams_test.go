package eventloop

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What asyncio's tests of streams, servers and sockets say, restated, on real
// sockets and with each poller. The peer is plain Go; it ends when done is closed.
func TestAsyncioStreams(t *testing.T) {
	silent := func(c *net.TCPConn, done chan none) { <-done }
	says := func(text string) func(*net.TCPConn, chan none) {
		return func(c *net.TCPConn, done chan none) { io.WriteString(c, text); c.CloseWrite(); <-done }
	}
	read := func(s *Stream) func(*Coroutine) error {
		return func(co *Coroutine) error { _, err := s.Read(co, make([]byte, 8)); return err }
	}
	full := func(s *Stream) func(*Coroutine) error { // writes until nothing more goes
		return func(co *Coroutine) error {
			for {
				if _, err := s.Write(co, make([]byte, 1<<20)); err != nil {
					return err
				}
			}
		}
	}
	for _, c := range []struct {
		name  string
		peer  func(c *net.TCPConn, done chan none)
		serve func(t *testing.T, co *Coroutine, s *Stream)
	}{
		{"open_connection", silent, func(t *testing.T, co *Coroutine, s *Stream) {
			require.NotNil(t, s.RemoteAddr())
			require.NotNil(t, s.LocalAddr())
		}},
		{"read_zero", silent, func(t *testing.T, co *Coroutine, s *Stream) {
			n, err := s.Read(co, nil)
			require.Zero(t, n)
			require.NoError(t, err)
		}},
		{"read", says("soup"), func(t *testing.T, co *Coroutine, s *Stream) { // less than it asks for
			b := make([]byte, 100)
			n, err := s.Read(co, b)
			require.NoError(t, err)
			require.Equal(t, "soup", string(b[:n]))
		}},
		{"read_eof", says(""), func(t *testing.T, co *Coroutine, s *Stream) {
			for range 3 {
				require.Equal(t, io.EOF, read(s)(co))
			}
		}},
		{"read_until_eof", says("soup and tea"), func(t *testing.T, co *Coroutine, s *Stream) {
			b := make([]byte, 100)
			n, err := s.ReadFull(co, b)
			require.Equal(t, io.ErrUnexpectedEOF, err)
			require.Equal(t, "soup and tea", string(b[:n]))
		}},
		{"read_exception", func(c *net.TCPConn, done chan none) { reset(c) }, func(t *testing.T, co *Coroutine, s *Stream) {
			_, err := s.Write(co, []byte("!"))
			require.NoError(t, err)
			require.ErrorIs(t, read(s)(co), errReset)
		}},
		{"readexactly_zero_or_less", silent, func(t *testing.T, co *Coroutine, s *Stream) {
			n, err := s.ReadFull(co, nil)
			require.Zero(t, n)
			require.NoError(t, err)
		}},
		{"readexactly", says("soup tea"), func(t *testing.T, co *Coroutine, s *Stream) {
			for _, want := range []string{"soup", " tea"} {
				b := make([]byte, 4)
				_, err := s.ReadFull(co, b)
				require.NoError(t, err)
				require.Equal(t, want, string(b))
			}
		}},
		{"readexactly_eof", says("soup"), func(t *testing.T, co *Coroutine, s *Stream) { // in the middle, then at the end
			n, err := s.ReadFull(co, make([]byte, 8))
			require.Equal(t, 4, n)
			require.Equal(t, io.ErrUnexpectedEOF, err)
			_, err = s.ReadFull(co, make([]byte, 8))
			require.Equal(t, io.EOF, err)
		}},
		{"exception_cancel", silent, func(t *testing.T, co *Coroutine, s *Stream) { // cancelled, and then read again
			for range 3 {
				require.ErrorIs(t, Timeout(co, ms, read(s)), ErrTimeout)
			}
			require.ErrorIs(t, cancelledAfter(co, ms, read(s)), ErrCancelled)
		}},
		{"drain_cancelled", silent, func(t *testing.T, co *Coroutine, s *Stream) { // cancelled, and then written again
			for range 3 {
				require.ErrorIs(t, Timeout(co, 20*ms, full(s)), ErrTimeout)
			}
		}},
		{"multiple_drain", silent, func(t *testing.T, co *Coroutine, s *Stream) { // asyncio: all wait; here one may
			first := task(co, full(s))
			Sleep(co, 20*ms)
			_, err := s.Write(co, make([]byte, 1<<20))
			require.ErrorIs(t, err, errBusy)
			first.Cancel(nil)
			require.ErrorIs(t, end(co, first), ErrCancelled)
		}},
		{"drain_raises", func(*net.TCPConn, chan none) {}, func(t *testing.T, co *Coroutine, s *Stream) {
			err := full(s)(co)
			require.True(t, slices.ContainsFunc(errsGone, func(gone error) bool { return errors.Is(err, gone) }), err)
		}},
		{"close_wakes_a_reader", silent, func(t *testing.T, co *Coroutine, s *Stream) {
			reader := task(co, read(s))
			Sleep(co, ms)
			require.NoError(t, s.Close())
			require.ErrorIs(t, end(co, reader), net.ErrClosed)
		}},
		{"close_wakes_a_writer", silent, func(t *testing.T, co *Coroutine, s *Stream) {
			writer := task(co, full(s))
			Sleep(co, 20*ms)
			require.NoError(t, s.Close())
			require.ErrorIs(t, end(co, writer), net.ErrClosed)
		}},
		{"addresses_after_close", silent, func(t *testing.T, co *Coroutine, s *Stream) { // never asked for before
			require.NoError(t, s.Close())
			l, err := Listen(co, "127.0.0.1:0") // has the same descriptor
			require.NoError(t, err)
			require.NotNil(t, s.LocalAddr())
			require.NotEqual(t, l.Addr().String(), s.LocalAddr().String())
		}},
		{"async_writer_api_exception_after_close", silent, func(t *testing.T, co *Coroutine, s *Stream) {
			local, remote := s.LocalAddr().String(), s.RemoteAddr().String()
			require.NoError(t, s.Close())
			require.ErrorIs(t, s.Close(), net.ErrClosed)
			require.ErrorIs(t, s.CloseWrite(), net.ErrClosed)
			_, err := s.Write(co, []byte("soup"))
			require.ErrorIs(t, err, net.ErrClosed)
			require.ErrorIs(t, read(s)(co), net.ErrClosed)
			require.Equal(t, local, s.LocalAddr().String())
			require.Equal(t, remote, s.RemoteAddr().String())
		}},
		{"eof_feed_when_closing_writer", func(c *net.TCPConn, done chan none) {
			io.Copy(c, c)
		}, func(t *testing.T, co *Coroutine, s *Stream) { // half-closed, and still read
			_, err := s.Write(co, []byte("soup"))
			require.NoError(t, err)
			require.NoError(t, s.CloseWrite())
			b := make([]byte, 8)
			n, err := s.ReadFull(co, b)
			require.Equal(t, io.ErrUnexpectedEOF, err)
			require.Equal(t, "soup", string(b[:n]))
		}},
		{"huge_content", func(c *net.TCPConn, done chan none) { io.Copy(c, c) }, func(t *testing.T, co *Coroutine, s *Stream) {
			sent := make([]byte, 4<<20)
			for i := range sent {
				sent[i] = byte(i / 3)
			}
			got := make([]byte, len(sent))
			require.NoError(t, InGroup(co, func(g *Group) error {
				g.Go(func(co *Coroutine) error { _, err := s.Write(co, sent); return err })
				_, err := s.ReadFull(co, got)
				return err
			}))
			require.True(t, bytes.Equal(sent, got))
		}},
		{"sock_client_racing", says("soup"), func(t *testing.T, co *Coroutine, s *Stream) { // given, and cancelled at once
			Sleep(co, 5*ms) // it is there
			b := make([]byte, 4)
			var after error
			reader := task(co, func(co *Coroutine) error {
				_, err := s.ReadFull(co, b)
				if err == nil {
					after = Sleep(co, time.Hour)
				}
				return err
			})
			Sleep(co, 0)
			reader.Cancel(nil)
			err := end(co, reader)
			require.True(t, err == nil && string(b) == "soup" && errors.Is(after, ErrCancelled) || errors.Is(err, ErrCancelled), "all or nothing")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			pollers(t, func(t *testing.T, loop *Loop) {
				done := make(chan none)
				var peer sync.WaitGroup
				require.NoError(t, loop.Run(t.Context(), func(co *Coroutine) error {
					defer close(done)
					l, err := Listen(co, "127.0.0.1:0")
					require.NoError(t, err)
					peer.Go(func() {
						conn, err := net.Dial("tcp", l.Addr().String())
						if err != nil {
							panic(err)
						}
						defer conn.Close()
						c.peer(conn.(*net.TCPConn), done)
					})
					s, err := l.Accept(co)
					require.NoError(t, err)
					c.serve(t, co, s)
					s.Close()
					return nil
				}))
				peer.Wait()
			})
		})
	}
}

// A cancelled Accept leaves no connection behind, and one can be accepted later.
func TestAcceptAfterACancelledOne(t *testing.T) {
	pollers(t, func(t *testing.T, loop *Loop) {
		require.NoError(t, loop.Run(t.Context(), func(co *Coroutine) error {
			l, err := Listen(co, "127.0.0.1:0")
			require.NoError(t, err)
			accept := func(co *Coroutine) error {
				s, err := l.Accept(co)
				if err == nil {
					err = s.Close()
				}
				return err
			}
			require.ErrorIs(t, Timeout(co, ms, accept), ErrTimeout)
			c, err := net.Dial("tcp", l.Addr().String())
			require.NoError(t, err)
			defer c.Close()
			require.NoError(t, accept(co), "no deadline is left set")
			waits := task(co, accept)
			Sleep(co, ms)
			at := l.Addr().String()
			require.NoError(t, l.Close())
			require.ErrorIs(t, end(co, waits), net.ErrClosed)
			require.Equal(t, at, l.Addr().String())
			return nil
		}))
	})
}

// Whatever doesn't pause lets others run all the same: here many connections wait
// to be accepted, and a peer reads as fast as it can.
func TestAcceptAndWriteAreFair(t *testing.T) {
	n := 400
	if runtime.GOOS != "linux" {
		n = 128 // more would be refused, or wait for a place
	}
	pollers(t, func(t *testing.T, loop *Loop) {
		require.NoError(t, loop.Run(t.Context(), func(co *Coroutine) error {
			l, err := Listen(co, "127.0.0.1:0")
			require.NoError(t, err)
			var conns []net.Conn
			for range n {
				c, err := net.Dial("tcp", l.Addr().String())
				require.NoError(t, err)
				conns = append(conns, c)
			}
			defer func() {
				for _, c := range conns {
					c.Close()
				}
			}()
			ticks := 0
			ticker := task(co, func(co *Coroutine) error {
				for Sleep(co, 0) == nil {
					ticks++
				}
				return nil
			})
			var s *Stream
			for range n {
				s, err = l.Accept(co)
				require.NoError(t, err)
			}
			require.GreaterOrEqual(t, ticks, n/64-1)
			ticks = 0
			for range n {
				_, err := s.Write(co, []byte("!"))
				require.NoError(t, err)
			}
			require.GreaterOrEqual(t, ticks, n/64-1)
			ticker.Cancel(nil)
			return nil
		}))
	})
}

// fakeDNS answers every name with 127.0.0.1 and ::1.
func fakeDNS(t *testing.T) {
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	ours := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return net.Dial("udp", server.LocalAddr().String())
	}}
	t.Cleanup(func() { net.DefaultResolver = ours; server.Close() })
	go func() {
		query := make([]byte, 1500)
		for {
			n, from, err := server.ReadFrom(query)
			if err != nil {
				return
			}
			end := 12 // of the question
			for query[end] != 0 && end < n {
				end += int(query[end]) + 1
			}
			end += 5
			kind := binary.BigEndian.Uint16(query[end-4:])
			ip := map[uint16]net.IP{1: net.IPv4(127, 0, 0, 1).To4(), 28: net.IPv6loopback}[kind]
			answer := slices.Concat(query[:2], []byte{0x84, 0, 0, 1, 0, 0, 0, 0, 0, 0}, query[12:end])
			if ip != nil {
				answer[7] = 1
				answer = append(answer, 0xc0, 12)
				answer = binary.BigEndian.AppendUint16(answer, kind)
				answer = append(answer, 0, 1, 0, 0, 0, 60, 0, byte(len(ip)))
				answer = append(answer, ip...)
			}
			server.WriteTo(answer, from)
		}
	}()
}

func TestDialTriesAllAddresses(t *testing.T) {
	fakeDNS(t)
	pollers(t, func(t *testing.T, loop *Loop) {
		require.NoError(t, loop.Run(t.Context(), func(co *Coroutine) error {
			for _, at := range []string{"[::1]:0", "127.0.0.1:0"} {
				l, err := Listen(co, at)
				if err != nil {
					t.Logf("no %s here: %v", at, err)
					continue
				}
				_, port, _ := net.SplitHostPort(l.Addr().String())
				for _, host := range []string{"both.example.", ""} {
					s, err := Dial(co, net.JoinHostPort(host, port))
					require.NoError(t, err)
					require.Equal(t, l.Addr().String(), s.RemoteAddr().String())
				}
				require.NoError(t, l.Close())
				_, err = Dial(co, "both.example.:"+port)
				require.ErrorIs(t, err, errRefused)
			}
			l, err := Listen(co, "both.example.:0")
			require.NoError(t, err)
			require.Contains(t, l.Addr().String(), "127.0.0.1:", "an IPv4 one first")
			return nil
		}))
	})
}

// A link-local address has a zone, the name of an interface.
func TestDialKeepsTheZone(t *testing.T) {
	host := ""
	interfaces, _ := net.Interfaces()
	for _, i := range interfaces {
		addresses, _ := i.Addrs()
		for _, a := range addresses {
			if n, ok := a.(*net.IPNet); ok && n.IP.IsLinkLocalUnicast() && n.IP.To4() == nil {
				host = n.IP.String() + "%" + i.Name
			}
		}
	}
	if host == "" {
		t.Skip("no link-local address here")
	}
	pollers(t, func(t *testing.T, loop *Loop) {
		require.NoError(t, loop.Run(t.Context(), func(co *Coroutine) error {
			l, err := Listen(co, net.JoinHostPort(host, "0"))
			require.NoError(t, err)
			_, port, _ := net.SplitHostPort(l.Addr().String())
			s, err := Dial(co, net.JoinHostPort(host, port))
			require.NoError(t, err)
			p, err := l.Accept(co)
			require.NoError(t, err)
			require.Equal(t, s.LocalAddr().String(), p.RemoteAddr().String())
			return nil
		}))
	})
}

// CallSoonThreadsafe from before Run to after it; -race looks on.
func TestThreadsafeAtAnyTime(t *testing.T) {
	pollers(t, func(t *testing.T, loop *Loop) {
		for range 20 {
			l := &Loop{Portable: loop.Portable, Warn: loop.Warn, SlowCallback: time.Hour}
			stop := make(chan none)
			var callers sync.WaitGroup
			for range 4 {
				callers.Go(func() {
					for {
						select {
						case <-stop:
							return
						default:
							l.CallSoonThreadsafe(func() {})
							_, _ = l.Warn, l.SlowCallback
							runtime.Gosched()
						}
					}
				})
			}
			require.NoError(t, l.Run(t.Context(), func(co *Coroutine) error { return Sleep(co, ms) }))
			close(stop)
			callers.Wait()
		}
	})
}

// Many wait for the same, and all are cancelled: each leaves from where it is,
// in whatever order.
func TestManyWaitersLeaveFromTheMiddle(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		const n = 2_000
		f := NewFuture[int](co)
		var q Queue[int]
		var sem Semaphore
		for _, wait := range []func(*Coroutine) error{
			func(co *Coroutine) error { _, err := Await(co, f); return err },
			func(co *Coroutine) error { _, err := q.Get(co); return err },
			sem.Acquire,
		} {
			err := InGroup(co, func(g *Group) error {
				for range n {
					g.Go(wait)
				}
				Sleep(co, 0)
				return errBurnt
			})
			require.EqualError(t, err, errBurnt.Error())
		}
		require.Nil(t, f.waiting.first)
		require.Nil(t, q.getting.first)
		require.Nil(t, sem.waiting.first)
		return nil
	}))
}

// A line is what a slice is, whichever leaves.
func FuzzLine(f *testing.F) {
	f.Add([]byte{1, 1, 1, 130, 0, 1, 128, 0, 0})
	f.Fuzz(func(t *testing.T, moves []byte) {
		var l line
		var model []*Coroutine
		loop := new(Loop)
		for _, move := range moves {
			switch {
			case move >= 128 && len(model) > 0:
				i := int(move-128) % len(model)
				l.leave(model[i], nil)
				model = slices.Delete(model, i, i+1)
			case move%2 == 1:
				co := &Coroutine{loop: loop}
				model = append(model, co)
				l.join(co)
			case len(model) > 0:
				require.Same(t, model[0], l.first)
				require.True(t, l.call())
				model = model[1:]
			default:
				require.False(t, l.call())
			}
			var forward []*Coroutine
			for co := l.first; co != nil; co = co.next {
				forward = append(forward, co)
			}
			require.True(t, slices.Equal(model, forward))
			if len(model) > 0 {
				require.Same(t, model[len(model)-1], l.last)
			} else {
				require.Nil(t, l.last)
			}
		}
	})
}

// What ends is kept for the next, but not all of it.
func TestUnusedCoroutines(t *testing.T) {
	before := runtime.NumGoroutine()
	require.NoError(t, Run(t.Context(), func(co *Coroutine) error {
		for range 3 {
			err := InGroup(co, func(g *Group) error {
				for range 4 * maxUnused {
					g.Go(naps(0))
				}
				return nil
			})
			require.NoError(t, err)
			require.LessOrEqual(t, runtime.NumGoroutine(), before+maxUnused+10)
			require.LessOrEqual(t, len(co.loop.unused), maxUnused)
		}
		return nil
	}))
}

// A coroutine that is used again remembers nothing of the cancellations before.
func TestCancellationsOfACoroutineUsedAgain(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		var me *Task[none]
		me = task(co, func(co *Coroutine) error { me.Cancel(nil); return errBurnt }) // not delivered
		require.ErrorIs(t, end(co, me), errBurnt)
		next := task(co, naps(ms))
		require.Same(t, me.co, next.co, "it is used again")
		require.NoError(t, end(co, next))

		c := newCancellation(errBurnt)
		for range 2 { // each of them is told
			waits := task(co, naps(s))
			Sleep(co, 0)
			waits.co.cancel(c)
			require.ErrorIs(t, end(co, waits), errBurnt)
		}
		return nil
	}))
}

// What is more than a cancellation, in an error.
func TestFailure(t *testing.T) {
	c := newCancellation(io.EOF)
	for _, test := range []struct {
		err, rest error
		cancelled bool
	}{
		{nil, nil, false},
		{errBurnt, errBurnt, false},
		{c, nil, true},
		{ErrCancelled, nil, true},
		{fmt.Errorf("reading: %w", c), nil, true},
		{errors.Join(c, c), nil, true},
		{errors.Join(c, errBurnt), errBurnt, true},
		{fmt.Errorf("%w, and %w", errBurnt, c), errBurnt, true},
		{fmt.Errorf("soup: %w", errors.Join(c, fmt.Errorf("tea: %w", errBurnt))), errBurnt, true},
		{&PanicError{Value: c}, c, false},
		{fmt.Errorf("it is %w", &PanicError{Value: ErrCancelled}), ErrCancelled, false},
	} {
		rest, cancelled := failure(test.err)
		require.Equal(t, test.cancelled, cancelled, "%v", test.err)
		if test.rest == nil {
			require.NoError(t, rest)
		} else {
			require.ErrorIs(t, rest, test.rest)
			if cancelled {
				require.NotErrorIs(t, rest, ErrCancelled)
			}
		}
	}
	require.NotErrorIs(t, newCancellation(ErrTimeout), ErrTimeout)
	require.EqualError(t, newCancellation(c), "cancelled: EOF", "said once")
}

// A coroutine that locks its thread and pauses does not end the process, in a loop
// whose thread is locked already or not.
func TestLockOSThread(t *testing.T) {
	lock := func(co *Coroutine) error {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		return Sleep(co, 1)
	}
	require.NoError(t, Run(t.Context(), lock))
	require.NoError(t, Run(t.Context(), func(co *Coroutine) error {
		return end(co, task(co, func(*Coroutine) error { runtime.LockOSThread(); return nil }))
	}))
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	require.NoError(t, Run(t.Context(), func(co *Coroutine) error { return end(co, task(co, naps(1))) }))
}

// Tasks that wait for each other in a circle end when one is cancelled.
func TestCircles(t *testing.T) {
	type await = func(co *Coroutine, tasks ...*Task[none]) error
	plain := func(co *Coroutine, tasks ...*Task[none]) error { return end(co, tasks[0]) }
	gather := func(co *Coroutine, tasks ...*Task[none]) error { _, err := Gather(co, tasks...); return err }
	group := func(co *Coroutine, tasks ...*Task[none]) error {
		return InGroup(co, func(g *Group) error {
			g.Go(func(co *Coroutine) error { return end(co, tasks[0]) })
			return nil
		})
	}
	for _, awaits := range [][]await{{plain, plain, plain}, {gather, plain}, {plain, gather}, {group, plain}, {plain, group}} {
		require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
			tasks := make([]*Task[none], len(awaits))
			for i, await := range awaits {
				tasks[i] = task(co, func(co *Coroutine) error { return await(co, tasks[(i+1)%len(tasks)]) })
			}
			Sleep(co, ms)
			tasks[0].Cancel(errBurnt)
			for _, task := range tasks {
				require.ErrorIs(t, end(co, task), ErrCancelled)
			}
			return nil
		}))
	}
}
