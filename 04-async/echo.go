package main

import (
	"bufio"
	"context"
	"net"
	"os"
	"runtime/debug"
	"time"

	"concurrency-notebook/04-async/eventloop"
	"concurrency-notebook/internal/again"
	"concurrency-notebook/internal/measure"
)

// Servers and their load are measured as programs of their own, each on a CPU of
// its own: this program, started again.
//
// echoServer is such a server, on the first CPU. It says its address, and then,
// when it is asked, what it has used.
var echoServer = again.Define("server", func(kind string) error {
	pin("first")
	return echoServers[kind]()
})

// echoServers are servers that answer with what they are sent.
var echoServers = map[string]func() error{
	"goroutines": func() error {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		go serveGoroutines(l)
		return answerUsage(l.Addr())
	},
	"threads": func() error {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		go serveThreads(l)
		return answerUsage(l.Addr())
	},
	"event loop": func() error {
		return eventloop.Run(context.Background(), func(co *eventloop.Coroutine) error {
			l, err := eventloop.Listen(co, "127.0.0.1:0")
			if err != nil {
				return err
			}
			server := eventloop.Go(co, func(co *eventloop.Coroutine) (struct{}, error) {
				return struct{}{}, serveCoroutines(co, l)
			})
			_, err = eventloop.ToThread(co, func() (struct{}, error) { return struct{}{}, answerUsage(l.Addr()) })
			server.Cancel(nil)
			return err
		})
	},
	"bare epoll": bareEpoll,
}

// serveGoroutines echoes, a goroutine for each connection, until the
// listener is closed.
func serveGoroutines(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			buffer := make([]byte, 512)
			for {
				n, err := c.Read(buffer)
				if err != nil {
					return
				}
				if _, err := c.Write(buffer[:n]); err != nil {
					return
				}
			}
		}()
	}
}

// serveThreads echoes, an OS thread for each connection, until the listener is
// closed: a file blocks the thread that reads it.
func serveThreads(l net.Listener) {
	debug.SetMaxThreads(20_000)
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			file, err := c.(*net.TCPConn).File()
			c.Close()
			if err != nil {
				return
			}
			defer file.Close()
			buffer := make([]byte, 512)
			for {
				n, err := file.Read(buffer)
				if err != nil {
					return
				}
				if _, err := file.Write(buffer[:n]); err != nil {
					return
				}
			}
		}()
	}
}

// serveCoroutines echoes, a coroutine for each connection, until its
// task is cancelled.
func serveCoroutines(co *eventloop.Coroutine, l *eventloop.Listener) error {
	return eventloop.InGroup(co, func(g *eventloop.Group) error {
		for {
			s, err := l.Accept(co)
			if err != nil {
				return err
			}
			g.Go(func(co *eventloop.Coroutine) error {
				defer s.Close()
				buffer := make([]byte, 512)
				for {
					n, err := s.Read(co, buffer)
					if err != nil {
						return nil // it has gone
					}
					if _, err := s.Write(co, buffer[:n]); err != nil {
						return nil
					}
				}
			})
		}
	})
}

// A usage is what a program has used so far.
type usage struct {
	CPU    time.Duration
	User   time.Duration // the part of it that the system did not spend; 0 where it does not tell
	Memory int           // resident, in bytes; 0 where the system does not tell
}

// answerUsage says the address of a server, and what this program has used, for
// each line of standard input, until that ends.
func answerUsage(address net.Addr) error {
	if err := again.Say(address.String()); err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if err := again.Say(usage{measure.CPUTime(), userTime(), measure.ResidentMemory()}); err != nil {
			return err
		}
	}
	return lines.Err()
}

// A load is requests of 64 bytes over so many connections, one at a time on each.
type load struct {
	Address     string
	Connections int
	Seconds     float64
}

// A loadResult is what the load saw.
type loadResult struct {
	Requests int
	Seconds  float64
}

// echoLoad puts the load on a server, from the last CPU.
var echoLoad = again.Define("load", func(l load) error {
	pin("last")
	var r loadResult
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
			start, over := time.Now(), false
			co.Loop().CallLater(time.Duration(l.Seconds*float64(time.Second)), func() {
				over = true
				r.Seconds = time.Since(start).Seconds()
			})
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
						r.Requests++
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
	return again.Say(r)
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
	return eventloop.Run(context.Background(), func(co *eventloop.Coroutine) error {
		var last *eventloop.Stream
		for range g.Connections {
			s, err := eventloop.Dial(co, g.Address)
			if err != nil {
				return err
			}
			last = s
		}
		if err := again.Say("connected"); err != nil {
			return err
		}
		lines := bufio.NewScanner(os.Stdin)
		for {
			more, err := eventloop.ToThread(co, func() (bool, error) { return lines.Scan(), lines.Err() })
			if !more || err != nil {
				return err
			}
			start := time.Now()
			var message [64]byte
			if _, err := last.Write(co, message[:]); err != nil {
				return err
			}
			if _, err := last.ReadFull(co, message[:]); err != nil {
				return err
			}
			if err := again.Say(time.Since(start).Seconds()); err != nil {
				return err
			}
		}
	})
})
