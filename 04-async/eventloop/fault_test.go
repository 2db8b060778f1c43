package eventloop

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// withPeer runs a coroutine that has accepted a connection, beside a peer in
// plain Go that made it.
func withPeer(t *testing.T, peer func(c *net.TCPConn), serve func(t *testing.T, co *Coroutine, s *Stream)) {
	pollers(t, func(t *testing.T, loop *Loop) {
		ended := make(chan struct{})
		require.NoError(t, loop.Run(t.Context(), func(co *Coroutine) error {
			l, err := Listen(co, "127.0.0.1:0")
			require.NoError(t, err)
			go func() {
				defer close(ended)
				c, err := net.Dial("tcp", l.Addr().String())
				if err != nil {
					t.Error(err)
					return
				}
				defer c.Close()
				peer(c.(*net.TCPConn))
			}()
			s, err := l.Accept(co)
			require.NoError(t, err)
			require.Equal(t, l.Addr().String(), s.LocalAddr().String())
			serve(t, co, s)
			s.Close()
			require.ErrorIs(t, s.Close(), net.ErrClosed)
			return nil
		}))
		<-ended
	})
}

// reset has Close reset the connection once something has come: some systems let
// nobody accept one that was reset before.
func reset(c *net.TCPConn) {
	c.Read(make([]byte, 1))
	c.SetLinger(0)
}

func TestPeerResets(t *testing.T) {
	withPeer(t, reset,
		func(t *testing.T, co *Coroutine, s *Stream) {
			_, err := s.Write(co, []byte("!"))
			require.NoError(t, err)
			_, err = s.Read(co, make([]byte, 1))
			require.ErrorIs(t, err, errReset)
			require.NoError(t, Sleep(co, 0), "the loop lives")
		})
}

func TestPeerHalfCloses(t *testing.T) {
	withPeer(t, func(c *net.TCPConn) {
		c.Write([]byte("soup?"))
		c.CloseWrite()
		answer, err := io.ReadAll(c)
		if err != nil || string(answer) != "soup!" {
			t.Errorf("the peer got %q, %v", answer, err)
		}
	}, func(t *testing.T, co *Coroutine, s *Stream) {
		question := make([]byte, 6)
		n, err := s.ReadFull(co, question)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		require.Equal(t, "soup?", string(question[:n]))
		_, err = s.Read(co, question)
		require.Equal(t, io.EOF, err)
		_, err = s.Write(co, []byte("soup!"))
		require.NoError(t, err)
		require.NoError(t, s.CloseWrite())
	})
}

func TestPeerSendsNothing(t *testing.T) {
	done := make(chan struct{}, 2)
	withPeer(t, func(c *net.TCPConn) { <-done }, func(t *testing.T, co *Coroutine, s *Stream) {
		err := Timeout(co, time.Millisecond, func(co *Coroutine) error {
			_, err := s.Read(co, make([]byte, 1))
			return err
		})
		require.ErrorIs(t, err, ErrTimeout)
		done <- struct{}{}
		_, err = s.Read(co, make([]byte, 1))
		require.Equal(t, io.EOF, err, "the stream can still be read")
	})
}

func TestPeerDoesNotRead(t *testing.T) {
	done := make(chan struct{}, 2)
	withPeer(t, func(c *net.TCPConn) { <-done }, func(t *testing.T, co *Coroutine, s *Stream) {
		block := make([]byte, 1<<20)
		sent := 0
		err := Timeout(co, 50*time.Millisecond, func(co *Coroutine) error {
			for {
				n, err := s.Write(co, block)
				sent += n
				if err != nil {
					return err
				}
			}
		})
		require.ErrorIs(t, err, ErrTimeout)
		require.Less(t, sent, 256<<20, "what the peer does not read does not pile up")
		done <- struct{}{}
	})
}

func TestCloseWakesWhoReads(t *testing.T) {
	done := make(chan struct{}, 2)
	withPeer(t, func(c *net.TCPConn) { <-done }, func(t *testing.T, co *Coroutine, s *Stream) {
		reader := Go(co, func(co *Coroutine) (int, error) { return s.Read(co, make([]byte, 1)) })
		Sleep(co, time.Millisecond)
		require.NoError(t, s.Close())
		_, err := Await(co, reader)
		require.ErrorIs(t, err, net.ErrClosed)
		_, err = s.Write(co, []byte("soup"))
		require.ErrorIs(t, err, net.ErrClosed)
		done <- struct{}{}
	})
}

func TestNobodyListens(t *testing.T) {
	pollers(t, func(t *testing.T, loop *Loop) {
		require.NoError(t, loop.Run(t.Context(), func(co *Coroutine) error {
			l, err := Listen(co, "127.0.0.1:0")
			require.NoError(t, err)
			require.NoError(t, l.Close())
			_, err = Dial(co, l.Addr().String())
			require.ErrorIs(t, err, errRefused)
			require.ErrorContains(t, err, l.Addr().String())
			_, err = Dial(co, "nonsense")
			require.ErrorContains(t, err, "nonsense")
			_, err = Listen(co, "nonsense")
			require.ErrorContains(t, err, "nonsense")
			_, err = l.Accept(co)
			require.ErrorIs(t, err, net.ErrClosed)
			return nil
		}))
	})
}

func TestDialByName(t *testing.T) {
	pollers(t, func(t *testing.T, loop *Loop) {
		require.NoError(t, loop.Run(t.Context(), func(co *Coroutine) error {
			l, err := Listen(co, "127.0.0.1:0")
			require.NoError(t, err)
			_, port, _ := net.SplitHostPort(l.Addr().String())
			s, err := Dial(co, net.JoinHostPort("localhost", port))
			if errors.As(err, new(*net.DNSError)) {
				t.Skip("localhost has no address here")
			}
			require.NoError(t, err)
			require.Equal(t, l.Addr().String(), s.RemoteAddr().String())
			return nil // and the loop closes both
		}))
	})
}

// A program that awaits in every way there is, run once for each await and
// cancelled at that one, just before it or while it waits. Whatever happens, Run
// returns and nothing is left.
func TestCancelAtEveryAwait(t *testing.T) {
	for _, before := range []bool{true, false} {
		pollers(t, func(t *testing.T, loop *Loop) {
			goroutines, descriptors := runtime.NumGoroutine(), openDescriptors()
			awaits := 0
			for at := 0; at <= awaits; at++ { // the first run is not cancelled

				loop := &Loop{Portable: loop.Portable, Warn: loop.Warn}
				seen := 0
				await := func(co *Coroutine) {
					if seen++; seen != at {
						return
					}
					c := &cancellation{cause: errBurnt}
					if before {
						co.cancel(c)
					} else {
						loop.CallSoon(func() { co.cancel(c) })
					}
				}
				err := loop.Run(t.Context(), func(co *Coroutine) error { return everything(co, await) })
				allowed := append([]error{nil, errBurnt, ErrCancelled, ErrTimeout, io.EOF, io.ErrUnexpectedEOF}, errsGone...)
				require.True(t, slices.ContainsFunc(allowed, func(a error) bool { return errors.Is(err, a) }),
					"cancelled at await %d: %v", at, err)
				require.Empty(t, loop.coroutines)
				require.Empty(t, loop.timers.heap)
				awaits = max(awaits, seen)
			}
			require.Greater(t, awaits, 20)
			for runtime.NumGoroutine() > goroutines { // those of the last run end by themselves
				runtime.Gosched()
			}
			require.Equal(t, descriptors, openDescriptors())
		})
	}
}

func everything(co *Coroutine, await func(*Coroutine)) error {
	l, err := Listen(co, "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer l.Close()
	return InGroup(co, func(g *Group) error {
		orders := &Queue[string]{Limit: 1}
		g.Go(func(co *Coroutine) error { // a cook with a queue
			for range 3 {
				await(co)
				order, err := orders.Get(co)
				if err != nil {
					return err
				}
				await(co)
				if _, err := ToThread(co, func() (int, error) { return len(order), nil }); err != nil {
					return err
				}
			}
			return nil
		})
		g.Go(func(co *Coroutine) error { // a waiter who takes the orders at a socket
			await(co)
			s, err := l.Accept(co)
			if err != nil {
				return err
			}
			defer s.Close()
			for range 3 {
				order := make([]byte, 4)
				await(co)
				if _, err := s.ReadFull(co, order); err != nil {
					return err
				}
				await(co)
				if err := orders.Put(co, string(order)); err != nil {
					return err
				}
			}
			await(co)
			_, err = s.Write(co, []byte("thanks"))
			return err
		})
		await(co)
		s, err := Dial(co, l.Addr().String())
		if err != nil {
			return err
		}
		defer s.Close()
		for i := range 3 {
			await(co)
			if _, err := s.Write(co, fmt.Appendf(nil, "tea%d", i)); err != nil {
				return err
			}
			await(co)
			if err := Sleep(co, time.Microsecond); err != nil {
				return err
			}
		}
		nap := Go(co, func(co *Coroutine) (int, error) { await(co); return 1, Sleep(co, 0) })
		future := NewFuture[int](co)
		co.Loop().CallLater(time.Microsecond, func() { future.Set(1) })
		await(co)
		if _, err := Await(co, future); err != nil {
			return err
		}
		await(co)
		if _, err := Gather(co, nap); err != nil {
			return err
		}
		thanks := make([]byte, 6)
		// Where a task has been cancelled, nobody may thank.
		return Timeout(co, 20*time.Millisecond, func(co *Coroutine) error {
			await(co)
			_, err := s.ReadFull(co, thanks)
			return err
		})
	})
}

// openDescriptors returns what is open, where the system shows it.
func openDescriptors() int {
	if runtime.GOOS != "linux" {
		return 0
	}
	entries, _ := os.ReadDir("/proc/self/fd")
	return len(entries)
}

// Timers are what a sorted list is, whatever is set and stopped.
func FuzzTimers(f *testing.F) {
	f.Add([]byte{3, 1, 2, 1, 200, 0, 255, 7})
	f.Fuzz(func(t *testing.T, moves []byte) {
		type entry struct{ at, order int }
		var ts timers
		var set []*timer
		var model []entry
		for i, move := range moves {
			if move >= 128 && len(set) > 0 {
				victim := int(move-128) % len(set)
				ts.remove(set[victim])
				model = slices.DeleteFunc(model, func(e entry) bool { return e.order == victim })
				continue
			}
			_ = i
			timer := &timer{at: time.Duration(move % 8)}
			model = append(model, entry{int(move % 8), len(set)})
			set = append(set, timer)
			ts.add(timer)
		}
		slices.SortStableFunc(model, func(a, b entry) int { return a.at - b.at })
		for _, want := range model {
			at, ok := ts.next()
			require.True(t, ok)
			require.Equal(t, time.Duration(want.at), at)
			require.Same(t, set[want.order], ts.heap[0])
			ts.remove(ts.heap[0])
		}
		require.Empty(t, ts.heap)
	})
}

// The queue is what a slice is, as far as nobody has to wait.
func FuzzQueue(f *testing.F) {
	f.Add([]byte{1, 1, 0, 1, 0, 0, 0})
	f.Fuzz(func(t *testing.T, moves []byte) {
		require.NoError(t, Run(t.Context(), func(co *Coroutine) error {
			q := Queue[int]{Limit: 5}
			var model []int
			for i, move := range moves {
				switch {
				case move%2 == 1 && len(model) < 5:
					require.NoError(t, q.Put(co, i))
					model = append(model, i)
				case move%2 == 0 && len(model) > 0:
					item, err := q.Get(co)
					require.NoError(t, err)
					require.Equal(t, model[0], item)
					model = model[1:]
				default: // it would wait
					err := Timeout(co, 0, func(co *Coroutine) error {
						if move%2 == 1 {
							return q.Put(co, i)
						}
						_, err := q.Get(co)
						return err
					})
					require.ErrorIs(t, err, ErrTimeout)
				}
				require.Equal(t, len(model), q.Len())
			}
			return nil
		}))
	})
}

func TestQueueWakesInOrder(t *testing.T) {
	require.NoError(t, virtually(t, func(t *testing.T, co *Coroutine) error {
		q := &Queue[string]{Limit: 1}
		log := ""
		for _, guest := range []string{"Ann", "Bob", "Eve"} {
			Go(co, func(co *Coroutine) (struct{}, error) {
				dish, err := q.Get(co)
				log += guest + ":" + dish + " "
				return struct{}{}, err
			})
		}
		Sleep(co, 0)
		for _, dish := range []string{"soup", "cake", "tea"} {
			require.NoError(t, q.Put(co, dish))
		}
		Sleep(co, 0)
		require.Equal(t, "Ann:soup Bob:cake Eve:tea ", log)
		return nil
	}))
}
