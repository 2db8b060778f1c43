package main

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// A waiter is a TCP server on loopback. It answers each byte with the same byte,
// after as many milliseconds as the byte says. Each connection is served by
// itself: so the time that any number of requests takes is known before they are
// made.
type waiter struct {
	Addresses []string // all of them are the same server

	doors  []net.Listener
	served sync.WaitGroup
}

// doors is how many addresses the server has. Many may come at once, and on some
// systems only 128 can stand in front of a door; who finds no place there tries
// again after a second.
const doors = 64

func startWaiter() (*waiter, error) {
	w := new(waiter)
	for range doors {
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
				w.served.Go(func() { serve(c) })
			}
		})
	}
	return w, nil
}

// serve answers until the other side has gone.
func serve(c net.Conn) {
	defer c.Close()
	var message [1]byte
	for {
		if _, err := c.Read(message[:]); err != nil {
			return
		}
		time.Sleep(time.Duration(message[0]) * time.Millisecond)
		if _, err := c.Write(message[:]); err != nil {
			return
		}
	}
}

// Close lets nobody in, and waits until all have gone.
func (w *waiter) Close() error {
	var errs []error
	for _, door := range w.doors {
		errs = append(errs, door.Close())
	}
	w.served.Wait()
	return errors.Join(errs...)
}
