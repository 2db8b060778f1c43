package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

func convoy(ctx context.Context, w io.Writer) error {
	for _, computing := range []int{0, 1} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		var stop atomic.Bool
		var wg sync.WaitGroup
		wg.Go(func() { answer(listener) })
		for range computing {
			wg.Go(func() { compute(&stop) })
		}
		answered, err := ping(ctx, listener.Addr().String(), 20)
		stop.Store(true)
		listener.Close()
		wg.Wait()
		if err != nil {
			return err
		}
		fmt.Fprintln(w, answered, "pings answered, beside", computing, "that compute")
	}
	return nil
}

// answer sends back what one client sends.
func answer(listener net.Listener) {
	connection, err := listener.Accept()
	if err != nil {
		return
	}
	defer connection.Close()
	io.Copy(connection, connection)
}

func compute(stop *atomic.Bool) {
	for !stop.Load() {
		countDown(1000)
	}
}

// ping sends messages, waits for each answer, and counts them.
func ping(ctx context.Context, address string, times int) (answered int, err error) {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return 0, err
	}
	defer connection.Close()
	message := []byte("ping")
	for range times {
		if _, err := connection.Write(message); err != nil {
			return answered, err
		}
		if _, err := io.ReadFull(connection, message); err != nil {
			return answered, err
		}
		answered++
		time.Sleep(10 * time.Millisecond) // for the server to wait again
	}
	return answered, nil
}
