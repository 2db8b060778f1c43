package eventloop

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"time"
)

// portable is a poller for every system: a proactor, as asyncio's is on Windows.
// Each operation runs in a goroutine of its own, which blocks, and its
// completion is posted to the loop. Since it waits on a channel, it also works in
// virtual time.
type portable struct {
	loop  *Loop
	woken chan struct{}
	open  map[io.Closer]struct{}
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
}

func (p *portable) free() {}

// An operation runs in a goroutine. A coroutine that is cancelled meanwhile
// interrupts it, and goes on when it has ended: it may have got what it was for.
type operation struct{ interrupt func() }

func (o *operation) leave(*Coroutine, *cancellation) leaving {
	o.interrupt()
	return interrupts
}

// run runs an operation and pauses the coroutine until it has ended. One side of
// a connection can do one at a time.
func (p *portable) run(co *Coroutine, busy *bool, interrupt func(), f func()) error {
	if *busy {
		return errBusy
	}
	*busy = true
	defer func() { *busy = false }()
	p.loop.threads.Go(func() {
		f()
		p.loop.CallSoonThreadsafe(co.wake)
	})
	return co.park(&operation{interrupt}) // which never takes a coroutine away
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

func (p *portable) dial(co *Coroutine, to *net.TCPAddr) (conn, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var c net.Conn
	var err error
	if err := p.run(co, new(bool), cancel, func() { c, err = new(net.Dialer).DialContext(ctx, "tcp", to.String()) }); err != nil {
		return nil, err
	}
	if err != nil {
		return nil, outcome(co, err)
	}
	return p.keep(c), nil
}

func (p *portable) keep(c net.Conn) conn {
	p.open[c] = struct{}{}
	return &portableConn{portable: p, c: c.(*net.TCPConn)}
}

func (p *portable) listen(l *net.TCPListener) (listener, error) {
	p.open[l] = struct{}{}
	return &portableListener{portable: p, l: l}, nil
}

type portableListener struct {
	*portable
	l    *net.TCPListener
	busy bool
}

func (l *portableListener) accept(co *Coroutine) (conn, error) {
	var c net.Conn
	var err error
	if err := l.run(co, &l.busy, func() { l.l.SetDeadline(past) }, func() { c, err = l.l.Accept() }); err != nil {
		return nil, err
	}
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
	c                *net.TCPConn
	reading, writing bool
}

// past is a deadline that interrupts what waits.
var past = time.Unix(1, 0)

func (c *portableConn) read(co *Coroutine, p []byte) (n int, err error) {
	if err := c.run(co, &c.reading, func() { c.c.SetReadDeadline(past) }, func() { n, err = c.c.Read(p) }); err != nil {
		return 0, err
	}
	c.c.SetReadDeadline(time.Time{})
	switch {
	case n > 0 || err == io.EOF:
		return n, nil
	default:
		return 0, outcome(co, err)
	}
}

func (c *portableConn) write(co *Coroutine, p []byte) (n int, err error) {
	if err := c.run(co, &c.writing, func() { c.c.SetWriteDeadline(past) }, func() { n, err = c.c.Write(p) }); err != nil {
		return 0, err
	}
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
