package eventloop

import (
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// A Stream is a TCP connection whose reads and writes pause the coroutine and
// not the loop. One coroutine may read it while another one writes.
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

// Dial connects to a TCP address, as in "127.0.0.1:8080".
func Dial(co *Coroutine, address string) (*Stream, error) {
	if err := co.cancelled(); err != nil {
		return nil, err
	}
	c, err := co.loop.poller.dial(co, address)
	if err != nil {
		return nil, fmt.Errorf("dialling %s: %w", address, err)
	}
	return &Stream{conn: c}, nil
}

// Read reads up to len(p) bytes, and waits until there is one. At the end of the
// stream it returns io.EOF. It pauses if it has to wait, and else now and then, so
// that a fast peer does not keep all others waiting.
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

// ReadFull reads len(p) bytes. If the stream ends in the middle, it returns
// io.ErrUnexpectedEOF.
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
// write and drain in one. So nothing piles up in between.
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

// CloseWrite tells the other side that nothing more comes. It can still be read.
func (s *Stream) CloseWrite() error { return s.conn.closeWrite() }

// Close closes the connection. Whoever reads or writes gets net.ErrClosed.
func (s *Stream) Close() error { return s.conn.close() }

// LocalAddr returns this side's address.
func (s *Stream) LocalAddr() net.Addr { local, _ := s.conn.addresses(); return local }

// RemoteAddr returns the other side's address.
func (s *Stream) RemoteAddr() net.Addr { _, remote := s.conn.addresses(); return remote }

// A Listener accepts connections.
type Listener struct {
	listener listener
}

// Listen listens at a TCP address; with port 0 the system chooses one.
func Listen(co *Coroutine, address string) (*Listener, error) {
	l, err := co.loop.poller.listen(address)
	if err != nil {
		return nil, fmt.Errorf("listening at %s: %w", address, err)
	}
	return &Listener{l}, nil
}

// acceptAgain is how long Accept waits where the system has no descriptor to
// give, asyncio's ACCEPT_RETRY_DELAY.
var acceptAgain = time.Second

// Accept waits for a connection. Where there is no descriptor left for it, the
// loop warns, and Accept tries again after a second: those who are connected
// may leave.
func (l *Listener) Accept(co *Coroutine) (*Stream, error) {
	for {
		if err := co.cancelled(); err != nil {
			return nil, err
		}
		c, err := l.listener.accept(co)
		if err == nil {
			return &Stream{conn: c}, nil
		}
		if !noDescriptor(err) {
			return nil, err
		}
		co.loop.Warn(fmt.Sprintf("accepting at %v: %v: trying again in %v", l.Addr(), err, acceptAgain))
		if err := Sleep(co, acceptAgain); err != nil {
			return nil, err
		}
	}
}

// Close closes the listener. Whoever waits in Accept gets net.ErrClosed.
func (l *Listener) Close() error { return l.listener.close() }

// Addr returns the address at which it listens.
func (l *Listener) Addr() net.Addr { return l.listener.address() }

// fair lets others run once so many operations have not paused.
func (co *Coroutine) fair() error {
	const most = 64
	if co.inARow++; co.inARow < most {
		return nil
	}
	return co.pass()
}

var errBusy = errors.New("eventloop: two coroutines do the same with one connection at the same time")
