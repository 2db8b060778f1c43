package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"

	"concurrency-notebook/internal/measure"
)

// A waiter is a TCP server on loopback. It answers each byte with the same byte,
// after as many milliseconds as the byte says. Each connection is served by
// itself: so the time that any number of requests takes is known before they are
// made. The byte together it answers when the whole crowd has sent it.
type waiter struct {
	Addresses []string // all of them are the same server

	crowd  int
	doors  []net.Listener
	served sync.WaitGroup

	mu       sync.Mutex
	inside   map[net.Conn]struct{} // nil once it has closed
	gathered []guest               // those who wait for the crowd, as they came
}

// A guest is a connection that waits for the crowd.
type guest struct {
	net.Conn
	came time.Time
}

// together is what a connection sends in place of a number of milliseconds, to
// wait until all others have sent it too. So that all of them wait equally long,
// they are answered as they came: the first is, a while after the last has come.
const (
	together = 255
	aWhile   = 100 * time.Millisecond
)

// doors is how many addresses the server has. Many may come at once, and on some
// systems only 128 can stand in front of a door; who finds no place there tries
// again after a second.
func doors() int { return max(1, min(64, measure.OpenFiles()/8)) }

// startWaiter starts a server on which so many are a crowd.
func startWaiter(crowd int) (*waiter, error) {
	w := &waiter{crowd: crowd, inside: make(map[net.Conn]struct{})}
	for range doors() {
		door, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, errors.Join(fmt.Errorf("starting a server on loopback: %w", err), w.Close())
		}
		w.doors = append(w.doors, door)
		w.Addresses = append(w.Addresses, door.Addr().String())
		w.served.Go(func() {
			for {
				c, err := door.Accept()
				if err != nil {
					return
				}
				w.served.Go(func() { w.serve(c) })
			}
		})
	}
	return w, nil
}

// serve answers until the other side has gone, or the server closes.
func (w *waiter) serve(c net.Conn) {
	defer c.Close()
	w.mu.Lock()
	if w.inside == nil {
		w.mu.Unlock()
		return
	}
	w.inside[c] = struct{}{}
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.inside, c)
		w.gathered = slices.DeleteFunc(w.gathered, func(g guest) bool { return g.Conn == c })
	}()
	var message [1]byte
	for {
		if _, err := c.Read(message[:]); err != nil {
			return
		}
		if message[0] == together {
			w.gather(c)
			continue
		}
		time.Sleep(time.Duration(message[0]) * time.Millisecond)
		if _, err := c.Write(message[:]); err != nil {
			return
		}
	}
}

// gather adds a connection to those who wait for the crowd. The last to come lets
// all of them be answered.
func (w *waiter) gather(c net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gathered = append(w.gathered, guest{c, time.Now()})
	if len(w.gathered) < w.crowd {
		return
	}
	all := w.gathered
	w.gathered = nil
	stay := time.Since(all[0].came) + aWhile
	w.served.Go(func() {
		for _, g := range all {
			time.Sleep(time.Until(g.came.Add(stay)))
			g.Write([]byte{together}) // who has gone meanwhile needs no answer
		}
	})
}

// Close lets nobody in, and sends away who is inside.
func (w *waiter) Close() error {
	var errs []error
	for _, door := range w.doors {
		errs = append(errs, door.Close())
	}
	w.mu.Lock()
	for c := range w.inside {
		c.Close()
	}
	w.inside = nil
	w.mu.Unlock()
	w.served.Wait()
	return errors.Join(errs...)
}

// asWaiter marks a program, this one started again, that is such a server and
// nothing else: so that it answers while this one computes.
const asWaiter = "CHOOSING_WAITER"

// beWaiter is what such a program does instead of main, until its standard input
// ends.
func beWaiter() {
	if os.Getenv(asWaiter) == "" {
		return
	}
	w, err := startWaiter(1)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(w)
	}
	if err == nil {
		_, err = io.Copy(io.Discard, os.Stdin)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// startWaiterElsewhere starts a server as a program of its own. The function
// that it returns ends it.
func startWaiterElsewhere(ctx context.Context) (addresses []string, stop func() error, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env, cmd.Stderr = append(os.Environ(), asWaiter+"=1"), os.Stderr
	in, inErr := cmd.StdinPipe()
	out, outErr := cmd.StdoutPipe()
	if err := cmp.Or(inErr, outErr); err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, fmt.Errorf("starting a server: %w", err)
	}
	var w waiter
	if err := json.NewDecoder(out).Decode(&w); err != nil {
		in.Close()
		return nil, nil, errors.Join(fmt.Errorf("a server did not start: %w", err), cmd.Wait())
	}
	return w.Addresses, func() error {
		in.Close()
		return cmd.Wait()
	}, nil
}
