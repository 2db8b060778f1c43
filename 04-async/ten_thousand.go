package main

import (
	"context"
	"fmt"
	"io"
	"net"
)

// serveGoroutines echoes, with a goroutine for each guest, until the
// listener is closed.
func serveGoroutines(l net.Listener) {
	for {
		guest, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer guest.Close()
			message := make([]byte, 512)
			for {
				n, err := guest.Read(message)
				if err != nil {
					return // it has gone
				}
				if _, err := guest.Write(message[:n]); err != nil {
					return
				}
			}
		}()
	}
}

func tenThousand(_ context.Context, w io.Writer) error {
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer door.Close()
	go serveGoroutines(door)

	var guests []net.Conn
	for range 20 {
		guest, err := net.Dial("tcp", door.Addr().String())
		if err != nil {
			return err
		}
		defer guest.Close()
		guests = append(guests, guest)
	}

	last, answer := guests[len(guests)-1], make([]byte, 4)
	if _, err := last.Write([]byte("soup")); err != nil {
		return err
	}
	_, err = io.ReadFull(last, answer)
	fmt.Fprintln(w, "the last of", len(guests), "guests hears:",
		string(answer))
	return err
}
