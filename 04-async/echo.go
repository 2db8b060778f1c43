package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"runtime"
	"runtime/pprof"
	"time"

	"concurrency-notebook/04-async/eventloop"
	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/measure"
)

// Servers and their load are measured as programs of their own, each on a CPU of
// its own: this program, started again.
//
// echoServer is such a server, on the first CPU. It says its address, and then,
// when it is asked, what it has used. idleServer says instead how it idles.
var (
	echoServer = again.Define("server", func(kind string) error { return serve(kind, used) })
	idleServer = again.Define("idle-server", func(kind string) error { return serve(kind, idle) })
)

func serve(kind string, tell func() any) error {
	pin("first")
	answer := func(address net.Addr) error {
		if err := again.Say(address.String()); err != nil {
			return err
		}
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			if err := again.Say(tell()); err != nil {
				return err
			}
		}
		return lines.Err()
	}
	switch kind {
	case "event loop":
		return eventloop.Run(context.Background(), func(co *eventloop.Coroutine) error {
			l, err := eventloop.Listen(co, "127.0.0.1:0")
			if err != nil {
				return err
			}
			server := eventloop.Go(co, func(co *eventloop.Coroutine) (struct{}, error) {
				return struct{}{}, serveCoroutines(co, l)
			})
			_, err = eventloop.ToThread(co, func() (struct{}, error) { return struct{}{}, answer(l.Addr()) })
			server.Cancel(nil)
			return err
		})
	case "bare epoll":
		return bareEpoll(answer)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if kind == "threads" {
		go serveThreads(l)
	} else {
		go serveGoroutines(l)
	}
	return answer(l.Addr())
}

// serveThreads echoes, with a thread of the system for each guest, until the
// listener is closed.
func serveThreads(l net.Listener) {
	for {
		guest, err := l.Accept()
		if err != nil {
			return
		}
		go blockingEcho(guest.(*net.TCPConn))
	}
}

// serveCoroutines echoes, with a coroutine for each guest, until its
// task is cancelled.
func serveCoroutines(co *eventloop.Coroutine, l *eventloop.Listener) error {
	return eventloop.InGroup(co, func(g *eventloop.Group) error {
		for {
			guest, err := l.Accept(co)
			if err != nil {
				return err
			}
			g.Go(func(co *eventloop.Coroutine) error {
				defer guest.Close()
				message := make([]byte, 512)
				for {
					n, err := guest.Read(co, message)
					if err != nil {
						return nil // it has gone
					}
					if _, err := guest.Write(co, message[:n]); err != nil {
						return nil
					}
				}
			})
		}
	})
}

// A usage is what a program has used so far.
type usage struct {
	CPU  time.Duration
	User time.Duration // the part of it that the system did not spend; 0 where it does not tell
}

func used() any { return usage{measure.CPUTime(), userTime()} }

// An idleUsage is what a server uses while its guests say nothing.
type idleUsage struct {
	CPUs    []float64 // kept busy, in one window after another
	Memory  int       // resident, in bytes; 0 where the system does not tell
	Threads int       // that it has started
}

const (
	idleWindows = 9
	idleWindow  = 20 * time.Millisecond
)

// idle looks when the collector has ended: what it does just after the guests
// came, it does not do for those who say nothing.
func idle() any {
	runtime.GC()
	u := idleUsage{Memory: measure.ResidentMemory(), Threads: pprof.Lookup("threadcreate").Count()}
	for range idleWindows {
		cpu, start := measure.CPUTime(), measure.WallTime()
		time.Sleep(idleWindow)
		u.CPUs = append(u.CPUs, (measure.CPUTime()-cpu).Seconds()/(measure.WallTime()-start).Seconds())
	}
	return u
}

// A load is requests of 64 bytes over so many connections, one at a time on each.
type load struct {
	Address     string
	Connections int
	Seconds     float64
}

// echoLoad puts the load on a server, from the last CPU, and says how many
// requests were answered.
var echoLoad = again.Define("load", func(l load) error {
	pin("last")
	requests := 0
	err := eventloop.Run(context.Background(), func(co *eventloop.Coroutine) error {
		return eventloop.InGroup(co, func(g *eventloop.Group) error {
			var all []*eventloop.Stream
			for range l.Connections {
				s, err := eventloop.Dial(co, l.Address)
				if err != nil {
					return err
				}
				all = append(all, s)
			}
			over := false
			co.Loop().CallLater(time.Duration(l.Seconds*float64(time.Second)), func() { over = true })
			for _, s := range all {
				g.Go(func(co *eventloop.Coroutine) error {
					defer s.Close()
					var message [64]byte
					for !over {
						if _, err := s.Write(co, message[:]); err != nil {
							return err
						}
						if _, err := s.ReadFull(co, message[:]); err != nil {
							return err
						}
						requests++
					}
					return nil
				})
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	return again.Say(requests)
})

// Guests come over so many connections, and say nothing.
type guests struct {
	Address     string
	Connections int
}

// echoGuests connects, from the last CPU, and says so. When it is asked, it says
// how many seconds it takes to be answered on the last connection.
var echoGuests = again.Define("guests", func(g guests) error {
	pin("last")
	var all []net.Conn // which keeps them open
	for range g.Connections {
		guest, err := net.Dial("tcp", g.Address)
		if err != nil {
			return err
		}
		all = append(all, guest)
	}
	last := all[len(all)-1]
	var message [64]byte
	ask := func() (float64, error) {
		start := measure.WallTime()
		if _, err := last.Write(message[:]); err != nil {
			return 0, err
		}
		_, err := last.Read(message[:])
		return (measure.WallTime() - start).Seconds(), err
	}
	// If it's answered, all of them have been accepted. If the system doesn't
	// allow so many, it may leave the last ones waiting, and nothing tells them.
	if err := last.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	if _, err := ask(); err != nil {
		return fmt.Errorf("the last of %d connections isn't answered: %w", g.Connections, err)
	}
	if err := last.SetDeadline(time.Time{}); err != nil {
		return err
	}
	if err := again.Say("connected"); err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		seconds, err := ask()
		if err != nil {
			return err
		}
		if err := again.Say(seconds); err != nil {
			return err
		}
	}
	runtime.KeepAlive(all)
	return lines.Err()
})
