package eventloop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// A Stream is a TCP connection whose reads and writes pause the coroutine and
// not the loop: asyncio's StreamReader and StreamWriter (streams.py). One coroutine
// may read it while another one writes.
type Stream struct {
	conn conn
}

// A conn is a connection as a poller sees it. Each method that takes a coroutine
// returns when the operation is done, or cancelled.
type conn interface {
	read(co *Coroutine, p []byte) (int, error)  // 0 at the end
	write(co *Coroutine, p []byte) (int, error) // at least one byte
	closeWrite() error
	close() error
	addresses() (local, remote net.Addr)
}

// A listener is a socket that accepts connections, as a poller sees it.
type listener interface {
	accept(co *Coroutine) (conn, error)
	close() error
	address() net.Addr
}

// Dial connects to a TCP address, as in "127.0.0.1:8080", "[fe80::1%eth0]:8080" or
// "localhost:http": asyncio.open_connection (streams.py). If a name has several
// addresses, it tries one after the other, and returns the first one's error if
// none answers. Without a host it is this machine. As in package net, small writes
// aren't delayed, and a peer that vanishes is noticed (TCP keep-alive, 15 s).
func Dial(co *Coroutine, address string) (*Stream, error) {
	to, err := resolve(co, address)
	var first error
	for _, a := range to {
		var c conn
		if c, err = co.loop.poller.dial(co, a); err == nil {
			return &Stream{conn: c}, nil
		}
		if errors.Is(err, ErrCancelled) {
			break
		}
		if first == nil {
			first = err
		}
		err = first
	}
	return nil, fmt.Errorf("dialling %s: %w", address, err)
}

// resolve returns the addresses of a host and port. Names are looked up off the
// loop, since that may block.
func resolve(co *Coroutine, address string) ([]*net.TCPAddr, error) {
	if err := co.cancelled(); err != nil {
		return nil, err
	}
	if a, err := netip.ParseAddrPort(address); err == nil {
		return []*net.TCPAddr{net.TCPAddrFromAddrPort(a)}, nil
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel() // if the coroutine does not wait for it
	return ToThread(co, func() ([]*net.TCPAddr, error) {
		number, err := net.DefaultResolver.LookupPort(ctx, "tcp", port)
		if err != nil {
			return nil, err
		}
		ips := []net.IPAddr{{IP: net.IPv4(127, 0, 0, 1)}, {IP: net.IPv6loopback}}
		if host != "" {
			if ips, err = net.DefaultResolver.LookupIPAddr(ctx, host); err != nil {
				return nil, err
			}
		}
		var to []*net.TCPAddr
		for _, ip := range ips {
			to = append(to, &net.TCPAddr{IP: ip.IP, Port: number, Zone: ip.Zone})
		}
		return to, nil
	})
}

// Read reads up to len(p) bytes, and waits until there is one: StreamReader.read.
// At the end of the stream it returns io.EOF. It pauses if it has to wait, and else
// now and then, so that a fast peer does not keep all others waiting. A cancelled
// Read has read nothing.
func (s *Stream) Read(co *Coroutine, p []byte) (int, error) {
	if err := co.cancelled(); err != nil {
		return 0, err
	}
	if len(p) == 0 {
		return 0, nil
	}
	if err := co.fair(); err != nil {
		return 0, err
	}
	n, err := s.conn.read(co, p)
	if n == 0 && err == nil {
		err = io.EOF
	}
	return n, err
}

// ReadFull reads len(p) bytes: StreamReader.readexactly. If the stream ends in the
// middle, it returns io.ErrUnexpectedEOF; n bytes have been read in any case.
func (s *Stream) ReadFull(co *Coroutine, p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var m int
		m, err = s.Read(co, p[n:])
		n += m
	}
	if err == io.EOF && n > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Write writes all of p, and waits while the other side does not read: asyncio's
// write and drain in one, so that nothing piles up in between. If it is cancelled,
// n bytes have been written.
func (s *Stream) Write(co *Coroutine, p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		if err = co.cancelled(); err != nil {
			break
		}
		if err = co.fair(); err != nil {
			break
		}
		var m int
		m, err = s.conn.write(co, p[n:])
		n += m
	}
	return n, err
}

// CloseWrite tells the other side that nothing more comes: StreamWriter.write_eof.
// The stream can still be read.
func (s *Stream) CloseWrite() error { return s.conn.closeWrite() }

// Close closes the connection: StreamWriter.close. A coroutine that reads or writes
// gets net.ErrClosed, and so does a second Close.
func (s *Stream) Close() error { return s.conn.close() }

// LocalAddr returns this side's address, also after Close.
func (s *Stream) LocalAddr() net.Addr { local, _ := s.conn.addresses(); return local }

// RemoteAddr returns the other side's address, also after Close.
func (s *Stream) RemoteAddr() net.Addr { _, remote := s.conn.addresses(); return remote }

// A Listener accepts connections: what asyncio.start_server listens with
// (streams.py). A server is a loop around Accept, in a group.
type Listener struct {
	listener listener
}

// Listen listens at a TCP address; with port 0 the system chooses one, and without
// a host it listens at all addresses. If a name has several, Listen takes the first,
// an IPv4 one if there is one, as package net does; asyncio listens at all of them.
func Listen(co *Coroutine, address string) (*Listener, error) {
	l, err := listen(co, address)
	if err != nil {
		return nil, fmt.Errorf("listening at %s: %w", address, err)
	}
	return &Listener{l}, nil
}

func listen(co *Coroutine, address string) (listener, error) {
	at := address
	if host, _, err := net.SplitHostPort(address); err == nil && host != "" {
		addresses, err := resolve(co, address)
		if err != nil {
			return nil, err
		}
		at = addresses[0].String()
		for _, a := range addresses {
			if a.IP.To4() != nil {
				at = a.String()
				break
			}
		}
	}
	var config net.ListenConfig
	config.SetMultipathTCP(false) // which knows no urgent data, and not all options
	l, err := config.Listen(context.Background(), "tcp", at)
	if err != nil {
		return nil, err
	}
	return co.loop.poller.listen(l.(*net.TCPListener))
}

// acceptAgain is how long Accept waits where the system has no descriptor to
// give, asyncio's ACCEPT_RETRY_DELAY.
var acceptAgain = time.Second

// Accept waits for a connection: loop.sock_accept (selector_events.py). Where there
// is no descriptor left for it, the loop warns, and Accept tries again after a
// second: connections may have been closed by then. One coroutine at a time may
// accept. Like Read, it lets others run now and then.
func (l *Listener) Accept(co *Coroutine) (*Stream, error) {
	for {
		if err := co.cancelled(); err != nil {
			return nil, err
		}
		if err := co.fair(); err != nil {
			return nil, err
		}
		c, err := l.listener.accept(co)
		if err == nil {
			return &Stream{conn: c}, nil
		}
		if !errors.Is(err, syscall.EMFILE) && !errors.Is(err, syscall.ENFILE) {
			return nil, err
		}
		co.loop.warn("accepting at %v: %v: trying again in %v", l.Addr(), err, acceptAgain)
		if err := Sleep(co, acceptAgain); err != nil {
			return nil, err
		}
	}
}

// Close closes the listener. A coroutine that waits in Accept gets net.ErrClosed.
func (l *Listener) Close() error { return l.listener.close() }

// Addr returns the address at which it listens, also after Close.
func (l *Listener) Addr() net.Addr { return l.listener.address() }

var errBusy = errors.New("eventloop: two coroutines do the same with one connection at the same time")
