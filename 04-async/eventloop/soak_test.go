package eventloop

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var soak = flag.Duration("soak", 0, "how long TestSoak runs on each poller; 0: not at all")

// TestSoak keeps a thousand connections busy: some send and compare what comes back,
// slowly or not, some half-close, some reset, and some say nothing. The server waits
// for each with a Timeout that is over again and again. No byte may be lost or come
// twice, and in the end nothing may be left.
func TestSoak(t *testing.T) {
	if *soak == 0 {
		t.Skip("takes a while: -soak 60s")
	}
	const clients, onTheLoop = 1000, 300
	pollers(t, func(t *testing.T, loop *Loop) {
		goroutines, descriptors := runtime.NumGoroutine(), openDescriptors()
		var echoed, timedOut, dropped, compared, reset, refused atomic.Int64
		var stop atomic.Bool
		stopped := time.AfterFunc(*soak, func() { stop.Store(true) })
		defer stopped.Stop()
		var threads sync.WaitGroup
		err := loop.Run(t.Context(), func(co *Coroutine) error {
			l, err := Listen(co, "127.0.0.1:0")
			if err != nil {
				return err
			}
			server := task(co, func(co *Coroutine) error {
				return serveSoak(co, l, &echoed, &timedOut, &dropped)
			})
			at := l.Addr().String()
			for i := range clients - onTheLoop {
				threads.Go(func() {
					random := rand.New(rand.NewPCG(uint64(i), 1))
					for !stop.Load() {
						if err := visit(at, random, &compared, &reset, &refused); err != nil {
							t.Error(err)
							stop.Store(true)
						}
					}
				})
			}
			err = InGroup(co, func(g *Group) error {
				for i := range onTheLoop {
					g.Go(func(co *Coroutine) error {
						random := rand.New(rand.NewPCG(uint64(i), 2))
						for !stop.Load() {
							if err := visitOnTheLoop(co, at, random, &compared); err != nil {
								stop.Store(true)
								return err
							}
						}
						return nil
					})
				}
				return nil
			})
			if _, e := ToThread(co, func() (none, error) { threads.Wait(); return none{}, nil }); e != nil {
				return e
			}
			server.Cancel(nil)
			if e := end(co, server); !errors.Is(e, ErrCancelled) {
				t.Error("the server ended with", e)
			}
			return err
		})
		require.NoError(t, err)
		t.Logf("%d MiB echoed, %d visits compared, %d reset, %d ended in silence; the server saw %d time-outs and %d lost connections",
			echoed.Load()>>20, compared.Load(), reset.Load(), refused.Load(), timedOut.Load(), dropped.Load())
		require.Positive(t, timedOut.Load())
		require.Positive(t, reset.Load())
		for runtime.NumGoroutine() > goroutines {
			runtime.Gosched() // the last ones end by themselves, or the test runs out of time
		}
		require.Equal(t, descriptors, openDescriptors())
	})
}

// serveSoak echoes, with a patience that ends all the time.
func serveSoak(co *Coroutine, l *Listener, echoed, timedOut, dropped *atomic.Int64) error {
	random := rand.New(rand.NewPCG(3, 4))
	return InGroup(co, func(g *Group) error {
		for {
			s, err := l.Accept(co)
			if err != nil {
				return err
			}
			g.Go(func(co *Coroutine) error {
				defer s.Close()
				buffer := make([]byte, 1+random.IntN(8192))
				for silent := 0; silent < 250; { // half a second and more
					var n int
					err := Timeout(co, time.Duration(random.IntN(4000))*time.Microsecond, func(co *Coroutine) (err error) {
						n, err = s.Read(co, buffer)
						return err
					})
					switch {
					case errors.Is(err, ErrTimeout) && n == 0:
						silent++
						timedOut.Add(1)
						continue
					case err == io.EOF:
						return nil
					case errors.Is(err, ErrCancelled):
						return err
					case err != nil:
						dropped.Add(1)
						return nil
					}
					silent = 0
					for sent := 0; sent < n; { // a write that is over too soon goes on where it was
						var m int
						err := Timeout(co, time.Duration(1+random.IntN(4000))*time.Microsecond, func(co *Coroutine) (err error) {
							m, err = s.Write(co, buffer[sent:n])
							return err
						})
						sent += m
						echoed.Add(int64(m))
						if errors.Is(err, ErrCancelled) {
							return err
						} else if err != nil && !errors.Is(err, ErrTimeout) {
							dropped.Add(1)
							return nil
						}
					}
				}
				return nil
			})
		}
	})
}

// visit is one connection from a goroutine.
func visit(at string, random *rand.Rand, compared, reset, refused *atomic.Int64) error {
	conn, err := net.Dial("tcp", at)
	if err != nil {
		return err
	}
	c := conn.(*net.TCPConn)
	defer c.Close()
	sent := make([]byte, random.IntN(1<<random.IntN(18)))
	fill(sent, random)
	switch random.IntN(8) {
	case 0: // resets in the middle
		c.Write(sent)
		c.SetLinger(0)
		reset.Add(1)
		return nil
	case 1: // says nothing, until the server has had enough
		_, err := io.ReadAll(c)
		refused.Add(1)
		return err
	case 2: // leaves without reading
		c.Write(sent)
		return nil
	}
	slow := random.IntN(4) == 0
	wrote := make(chan error, 1)
	go func() {
		_, err := c.Write(sent)
		wrote <- errors.Join(err, c.CloseWrite())
	}()
	got := make([]byte, len(sent))
	step := len(got)
	if slow {
		step = 1 + len(got)/8
	}
	for n := 0; n < len(got); {
		m, err := io.ReadFull(c, got[n:min(n+step, len(got))])
		n += m
		if err != nil {
			return fmt.Errorf("after %d of %d bytes: %w", n, len(got), err)
		}
		if slow {
			time.Sleep(time.Duration(random.IntN(10)) * time.Millisecond)
		}
	}
	if err := <-wrote; err != nil {
		return err
	}
	compared.Add(1)
	return check(sent, got, c)
}

// visitOnTheLoop is one connection from a coroutine of the same loop.
func visitOnTheLoop(co *Coroutine, at string, random *rand.Rand, compared *atomic.Int64) error {
	s, err := Dial(co, at)
	if err != nil {
		return err
	}
	defer s.Close()
	sent := make([]byte, random.IntN(1<<random.IntN(16)))
	fill(sent, random)
	got := make([]byte, len(sent))
	err = InGroup(co, func(g *Group) error {
		g.Go(func(co *Coroutine) error {
			if _, err := s.Write(co, sent); err != nil {
				return err
			}
			return s.CloseWrite()
		})
		_, err := s.ReadFull(co, got)
		return err
	})
	if err != nil {
		return err
	}
	compared.Add(1)
	return check(sent, got, readerOf(func(p []byte) (int, error) { return s.Read(co, p) }))
}

type readerOf func(p []byte) (int, error)

func (f readerOf) Read(p []byte) (int, error) { return f(p) }

func fill(p []byte, random *rand.Rand) {
	for i := range p {
		p[i] = byte(random.Uint32())
	}
}

// check says whether what came is what was sent, and that nothing more comes.
func check(sent, got []byte, rest io.Reader) error {
	for i := range sent {
		if sent[i] != got[i] {
			return fmt.Errorf("byte %d of %d is wrong", i, len(sent))
		}
	}
	more, err := io.ReadAll(rest)
	if len(more) > 0 {
		return fmt.Errorf("%d bytes too many", len(more))
	}
	return err
}
