package eventloop

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// portable is a poller for every system: a proactor, as asyncio's is on Windows.
// Each operation runs in a goroutine of its own, which blocks, and its
// completion is posted to the loop. Since it waits on a channel, it also works in
// virtual time.
type portable struct {
	loop    *Loop
	woken   chan struct{}
	open    map[io.Closer]struct{}
	pending int // operations
}

func newPortable(l *Loop) (poller, error) {
	return &portable{loop: l, woken: make(chan struct{}, 1), open: make(map[io.Closer]struct{})}, nil
}

func (p *portable) wait(d time.Duration) error {
	if d < 0 {
		<-p.woken
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-p.woken:
	case <-timer.C:
	}
	return nil
}

func (p *portable) wake() {
	select {
	case p.woken <- struct{}{}:
	default: // it has been woken already
	}
}

func (p *portable) idle() bool { return true } // completions are posted

func (p *portable) close() {
	for c := range p.open {
		c.Close()
	}
	p.loop.threads.Wait() // those that closing has ended
}

// An operation runs in a goroutine. A coroutine that is cancelled meanwhile
// interrupts it, and goes on when it has ended: it may have got what it was for.
type operation struct{ interrupt func() }

func (o *operation) leave(*Coroutine, *cancellation) (deliver, now bool) {
	o.interrupt()
	return true, false
}

// run runs an operation and pauses the coroutine until it has ended.
func (p *portable) run(co *Coroutine, interrupt func(), f func()) {
	p.loop.threads.Go(func() {
		f()
		p.loop.CallSoonThreadsafe(co.wake)
	})
	p.pending++
	_ = co.park(&operation{interrupt}) // which never takes a coroutine away
	p.pending--
}

// outcome returns the error of an operation: the cancellation, if that is what
// has ended it.
func outcome(co *Coroutine, err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.Canceled) {
		if cancelled := co.cancelled(); cancelled != nil {
			return cancelled
		}
	}
	return err
}

func (p *portable) dial(co *Coroutine, address string) (conn, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var c net.Conn
	var err error
	p.run(co, cancel, func() { c, err = new(net.Dialer).DialContext(ctx, "tcp", address) })
	if err != nil {
		return nil, outcome(co, err)
	}
	return p.keep(c), nil
}

func (p *portable) keep(c net.Conn) conn {
	p.open[c] = struct{}{}
	return &portableConn{p, c.(*net.TCPConn)}
}

func (p *portable) listen(address string) (listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	p.open[l] = struct{}{}
	return &portableListener{p, l.(*net.TCPListener)}, nil
}

type portableListener struct {
	*portable
	l *net.TCPListener
}

func (l *portableListener) accept(co *Coroutine) (conn, error) {
	var c net.Conn
	var err error
	l.run(co, func() { l.l.SetDeadline(past) }, func() { c, err = l.l.Accept() })
	l.l.SetDeadline(time.Time{})
	if err != nil {
		return nil, outcome(co, err)
	}
	return l.keep(c), nil
}

func (l *portableListener) address() net.Addr { return l.l.Addr() }

func (l *portableListener) close() error {
	delete(l.open, l.l)
	return l.l.Close()
}

type portableConn struct {
	*portable
	c *net.TCPConn
}

// past is a deadline that interrupts what waits.
var past = time.Unix(1, 0)

func (c *portableConn) read(co *Coroutine, p []byte) (n int, err error) {
	c.run(co, func() { c.c.SetReadDeadline(past) }, func() { n, err = c.c.Read(p) })
	c.c.SetReadDeadline(time.Time{})
	switch {
	case n > 0 || err == io.EOF:
		return n, nil
	default:
		return 0, outcome(co, err)
	}
}

func (c *portableConn) write(co *Coroutine, p []byte) (n int, err error) {
	c.run(co, func() { c.c.SetWriteDeadline(past) }, func() { n, err = c.c.Write(p) })
	c.c.SetWriteDeadline(time.Time{})
	return n, outcome(co, err)
}

func (c *portableConn) closeWrite() error { return c.c.CloseWrite() }

func (c *portableConn) close() error {
	delete(c.open, c.c)
	return c.c.Close()
}

func (c *portableConn) addresses() (local, remote net.Addr) {
	return c.c.LocalAddr(), c.c.RemoteAddr()
}

// noDescriptor tells whether the system has no descriptor left.
func noDescriptor(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}
