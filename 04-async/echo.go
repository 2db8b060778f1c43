package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"time"

	"concurrency-notebook/04-async/eventloop"
	"concurrency-notebook/internal/measure"
)

// Servers and their load are measured as programs of their own, each on a CPU of
// its own: this program, started again.
const (
	asServer = "ECHO_SERVER" // which server to be
	asLoad   = "ECHO_LOAD"   // address, connections, seconds: the load to be
	asGuests = "ECHO_GUESTS" // address, connections: who connect, and say nothing
	asSleep  = "SLEEPERS"    // coroutines or goroutines, and how many
	onCPU    = "ECHO_CPU"    // the CPU to run on
)

// beProgram is what such a program does instead of main.
func beProgram() {
	for variable, be := range map[string]func(string) error{
		asServer: func(kind string) error { return echoServers[kind]() },
		asLoad:   echoLoad,
		asGuests: echoGuests,
		asSleep:  sleepers,
	} {
		if what := os.Getenv(variable); what != "" {
			pin(os.Getenv(onCPU))
			if err := be(what); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			os.Exit(0)
		}
	}
}

// echoServers are servers that answer with what they are sent. Each tells its
// address in a line, and ends with its standard input.
var echoServers = map[string]func() error{
	"goroutines": func() error {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		fmt.Println(l.Addr())
		go serveGoroutines(l)
		return answerUsage()
	},
	"threads": func() error {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		fmt.Println(l.Addr())
		go serveThreads(l)
		return answerUsage()
	},
	"event loop": func() error {
		return eventloop.Run(context.Background(), func(co *eventloop.Coroutine) error {
			l, err := eventloop.Listen(co, "127.0.0.1:0")
			if err != nil {
				return err
			}
			fmt.Println(l.Addr())
			server := eventloop.Go(co, func(co *eventloop.Coroutine) (struct{}, error) {
				return struct{}{}, serveCoroutines(co, l)
			})
			_, err = eventloop.InExecutor(co, func() (struct{}, error) { return struct{}{}, answerUsage() })
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

// answerUsage tells what this program has used, for each line of standard input,
// until that ends.
func answerUsage() error {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if err := json.NewEncoder(os.Stdout).Encode(usage{measure.CPUTime(), userTime(), measure.ResidentMemory()}); err != nil {
			return err
		}
	}
	return lines.Err()
}

// A child is a program that runs, and that answers a line with a line.
type child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startChild(ctx context.Context, as ...string) (*child, error) {
	cmd, err := again(ctx, as...)
	if err != nil {
		return nil, err
	}
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", as[0], err)
	}
	return &child{cmd, in, bufio.NewReader(out)}, nil
}

// line returns the next line of what the child says.
func (c *child) line() (string, error) {
	line, err := c.out.ReadString('\n')
	if err != nil {
		err = fmt.Errorf("the child ended too early: %w", err)
	}
	return strings.TrimSpace(line), err
}

// ask makes the child say a line, and reads it as JSON.
func (c *child) ask(answer any) error {
	if _, err := fmt.Fprintln(c.in); err != nil {
		return err
	}
	line, err := c.line()
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(line), answer)
}

// stop ends the child, by ending its input.
func (c *child) stop() error {
	c.in.Close()
	return c.cmd.Wait()
}

// A server is an echo server that runs.
type server struct {
	*child
	address string
}

// startServer starts an echo server on the first CPU.
func startServer(ctx context.Context, kind string) (*server, error) {
	c, err := startChild(ctx, asServer+"="+kind, onCPU+"=first")
	if err != nil {
		return nil, err
	}
	address, err := c.line()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting an echo server with %s: %w", kind, err), c.stop())
	}
	return &server{c, address}, nil
}

// A loadResult is what the load saw.
type loadResult struct {
	Requests int
	Seconds  float64
}

// putLoad sends requests of 64 bytes over so many connections, one at a time on
// each, from the last CPU.
func putLoad(ctx context.Context, address string, connections int, d time.Duration) (r loadResult, err error) {
	cmd, err := again(ctx, fmt.Sprintf("%s=%s %d %g", asLoad, address, connections, d.Seconds()), onCPU+"=last")
	if err != nil {
		return r, err
	}
	out, err := cmd.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			err = fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		return r, fmt.Errorf("putting load on an echo server: %w", err)
	}
	return r, json.Unmarshal(out, &r)
}

// again returns this program, to be started again as something else.
func again(ctx context.Context, as ...string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), as...)
	cmd.WaitDelay = time.Second
	return cmd, nil
}

// echoLoad is the program that puts the load.
func echoLoad(what string) error {
	var address string
	var connections int
	var seconds float64
	if _, err := fmt.Sscan(what, &address, &connections, &seconds); err != nil {
		return fmt.Errorf("reading %s: %w", asLoad, err)
	}
	var r loadResult
	err := eventloop.Run(context.Background(), func(co *eventloop.Coroutine) error {
		return eventloop.InGroup(co, func(g *eventloop.Group) error {
			var all []*eventloop.Stream
			for range connections {
				s, err := eventloop.Dial(co, address)
				if err != nil {
					return err
				}
				all = append(all, s)
			}
			start, over := time.Now(), false
			co.Loop().CallLater(time.Duration(seconds*float64(time.Second)), func() {
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
	return json.NewEncoder(os.Stdout).Encode(r)
}

// echoGuests is the program that connects and says nothing, until it is asked:
// then it says how many seconds it takes to be answered on the last connection.
func echoGuests(what string) error {
	var address string
	var connections int
	if _, err := fmt.Sscan(what, &address, &connections); err != nil {
		return fmt.Errorf("reading %s: %w", asGuests, err)
	}
	return eventloop.Run(context.Background(), func(co *eventloop.Coroutine) error {
		var last *eventloop.Stream
		for range connections {
			s, err := eventloop.Dial(co, address)
			if err != nil {
				return err
			}
			last = s
		}
		fmt.Println("connected")
		lines := bufio.NewScanner(os.Stdin)
		for {
			more, err := eventloop.InExecutor(co, func() (bool, error) { return lines.Scan(), lines.Err() })
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
			fmt.Println(time.Since(start).Seconds())
		}
	})
}
