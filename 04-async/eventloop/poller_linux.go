package eventloop

import (
	"math"
	"net"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

func (l *Loop) newPoller() (poller, error) {
	if l.Portable {
		return newPortable(l)
	}
	return newEpoll(l)
}

// epoll asks the system which sockets are ready, all of them in one call. Each
// is registered once, for reading and for writing, edge-triggered: the system
// tells when it becomes ready, not that it still is. So a socket remembers.
type epoll struct {
	loop    *Loop
	fd      int // of the epoll itself
	event   int // an eventfd: written to, it ends the wait
	sockets map[int32]*socket
	last    int32 // generation
	events  []unix.EpollEvent
}

// A socket is a descriptor that does not block, and who waits for it.
type socket struct {
	poller        *epoll
	fd            int
	generation    int32 // a descriptor's number is used again; this is not
	reading       side
	writing       side
	closed        bool
	ended         bool // the other side has closed: there will be no more edges
	local, remote net.Addr
}

// A side is one direction of a socket.
type side struct {
	ready bool
	co    *Coroutine // who waits
}

func newEpoll(l *Loop) (*epoll, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	event, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	if err != nil {
		unix.Close(fd)
		return nil, os.NewSyscallError("eventfd", err)
	}
	p := &epoll{loop: l, fd: fd, event: event, sockets: make(map[int32]*socket), events: make([]unix.EpollEvent, 256)}
	if err := unix.EpollCtl(fd, unix.EPOLL_CTL_ADD, event, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(event)}); err != nil {
		p.free()
		return nil, os.NewSyscallError("epoll_ctl", err)
	}
	return p, nil
}

func (p *epoll) wake() {
	one := [8]byte{0: 1}
	unix.Write(p.event, one[:]) // which can only fail where it is not read, and then it is woken
}

func (p *epoll) idle() bool { return len(p.sockets) == 0 }

func (p *epoll) wait(d time.Duration) error {
	timeout := -1
	if d >= 0 {
		timeout = int(min((d+time.Millisecond-1)/time.Millisecond, math.MaxInt32)) // not too early
	}
	n, err := unix.EpollWait(p.fd, p.events, timeout)
	if err == unix.EINTR {
		return nil
	} else if err != nil {
		return os.NewSyscallError("epoll_wait", err)
	}
	for _, e := range p.events[:n] {
		if int(e.Fd) == p.event {
			var counter [8]byte
			unix.Read(p.event, counter[:])
			continue
		}
		if s := p.sockets[e.Fd]; s != nil && s.generation == e.Pad {
			s.changed(e.Events)
		}
	}
	return nil
}

// changed takes note of what has become possible, and wakes who waits for it.
func (s *socket) changed(events uint32) {
	if events&(unix.EPOLLRDHUP|unix.EPOLLHUP|unix.EPOLLERR) != 0 {
		s.ended = true
	}
	if events&(unix.EPOLLIN|unix.EPOLLRDHUP|unix.EPOLLHUP|unix.EPOLLERR) != 0 {
		s.reading.now()
	}
	if events&(unix.EPOLLOUT|unix.EPOLLHUP|unix.EPOLLERR) != 0 {
		s.writing.now()
	}
}

func (s *side) now() {
	s.ready = true
	if co := s.co; co != nil {
		s.co = nil
		co.wake()
	}
}

func (s *side) leave(*Coroutine, *cancellation) (deliver, now bool) {
	s.co = nil
	return true, true
}

// until pauses the coroutine until the side is ready.
func (s *socket) until(co *Coroutine, side *side) error {
	for !side.ready && !s.closed {
		if side.co != nil {
			return errBusy
		}
		if err := co.cancelled(); err != nil { // woken in vain, and cancelled meanwhile
			return err
		}
		side.co = co
		if err := co.park(side); err != nil {
			return err
		}
	}
	if s.closed {
		return net.ErrClosed
	}
	return nil
}

// add registers a descriptor, which is closed if that fails.
func (p *epoll) add(fd int) (*socket, error) {
	p.last++
	s := &socket{poller: p, fd: fd, generation: p.last, reading: side{ready: true}, writing: side{ready: true}}
	err := unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{
		Events: unix.EPOLLIN | unix.EPOLLOUT | unix.EPOLLRDHUP | unix.EPOLLET, Fd: int32(fd), Pad: s.generation,
	})
	if err != nil {
		unix.Close(fd)
		return nil, os.NewSyscallError("epoll_ctl", err)
	}
	p.sockets[int32(fd)] = s
	return s, nil
}

func (p *epoll) close() {
	for _, s := range p.sockets {
		s.close()
	}
}

func (p *epoll) free() {
	unix.Close(p.event)
	unix.Close(p.fd)
}

func (s *socket) close() error {
	if s.closed {
		return net.ErrClosed
	}
	s.closed = true
	delete(s.poller.sockets, int32(s.fd))
	err := unix.Close(s.fd) // which takes it off the epoll, too
	s.reading.now()
	s.writing.now()
	return os.NewSyscallError("close", err)
}

func (s *socket) closeWrite() error {
	if s.closed {
		return net.ErrClosed
	}
	return os.NewSyscallError("shutdown", unix.Shutdown(s.fd, unix.SHUT_WR))
}

// read reads what is there. A read that got less than it asked for has emptied
// the socket: the next one need not ask the system to know that it must wait.
func (s *socket) read(co *Coroutine, p []byte) (int, error) {
	for {
		if err := s.until(co, &s.reading); err != nil {
			return 0, err
		}
		n, err := unix.Read(s.fd, p)
		if n < len(p) && !s.ended {
			s.reading.ready = false
		}
		switch err {
		case nil:
			return n, nil
		case unix.EAGAIN:
			s.reading.ready = false
		case unix.EINTR:
			s.reading.ready = true
		default:
			return 0, os.NewSyscallError("read", err)
		}
	}
}

func (s *socket) write(co *Coroutine, p []byte) (int, error) {
	for {
		if err := s.until(co, &s.writing); err != nil {
			return 0, err
		}
		n, err := unix.SendmsgN(s.fd, p, nil, nil, unix.MSG_NOSIGNAL)
		switch err {
		case nil:
			return n, nil
		case unix.EAGAIN:
			s.writing.ready = false
		case unix.EINTR:
		default:
			return 0, os.NewSyscallError("write", err)
		}
	}
}

func (s *socket) addresses() (local, remote net.Addr) { return s.address(), s.remote }

// address returns the socket's own address. It asks only once, and only if
// somebody asks.
func (s *socket) address() net.Addr {
	if s.local == nil {
		if name, err := unix.Getsockname(s.fd); err == nil {
			s.local = tcpAddr(name)
		}
	}
	return s.local
}

func (s *socket) accept(co *Coroutine) (conn, error) {
	for {
		if err := s.until(co, &s.reading); err != nil {
			return nil, err
		}
		fd, from, err := unix.Accept4(s.fd, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		switch err {
		case nil:
			c, err := s.poller.add(fd)
			if err != nil {
				return nil, err
			}
			c.remote = tcpAddr(from)
			if err := noDelay(fd); err != nil {
				c.close()
				return nil, err
			}
			return c, nil
		case unix.EAGAIN:
			s.reading.ready = false
		case unix.EINTR, unix.ECONNABORTED:
		default:
			return nil, os.NewSyscallError("accept4", err)
		}
	}
}

func (p *epoll) listen(address string) (listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	defer l.Close()
	file, err := l.(*net.TCPListener).File()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	fd, err := unix.FcntlInt(file.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("fcntl", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		unix.Close(fd)
		return nil, os.NewSyscallError("fcntl", err)
	}
	s, err := p.add(fd)
	if err != nil {
		return nil, err
	}
	s.local = l.Addr()
	return s, nil
}

func (p *epoll) dial(co *Coroutine, address string) (conn, error) {
	to, err := resolve(co, address)
	if err != nil {
		return nil, err
	}
	if len(to.IP) == 0 { // “:8080” is this machine
		to.IP = net.IPv4(127, 0, 0, 1)
	}
	family, sockaddr := unix.AF_INET6, unix.Sockaddr(&unix.SockaddrInet6{Port: to.Port, Addr: [16]byte(to.IP.To16())})
	if ip := to.IP.To4(); ip != nil {
		family, sockaddr = unix.AF_INET, &unix.SockaddrInet4{Port: to.Port, Addr: [4]byte(ip)}
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	connecting := unix.Connect(fd, sockaddr)
	if connecting != nil && connecting != unix.EINPROGRESS {
		unix.Close(fd)
		return nil, os.NewSyscallError("connect", connecting)
	}
	s, err := p.add(fd)
	if err != nil {
		return nil, err
	}
	s.writing.ready = connecting == nil
	if err := s.connected(co); err != nil {
		s.close()
		return nil, err
	}
	s.remote = to
	return s, nil
}

// connected waits until the connection is made, or refused.
func (s *socket) connected(co *Coroutine) error {
	if err := s.until(co, &s.writing); err != nil {
		return err
	}
	errno, err := unix.GetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err == nil && errno != 0 {
		err = unix.Errno(errno)
	}
	if err != nil {
		return os.NewSyscallError("connect", err)
	}
	return noDelay(s.fd)
}

// noDelay does what package net does with every connection.
func noDelay(fd int) error {
	return os.NewSyscallError("setsockopt", unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1))
}

// resolve asks for the address of a name, which may block, in a goroutine.
func resolve(co *Coroutine, address string) (*net.TCPAddr, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if net.ParseIP(host) != nil {
		return net.ResolveTCPAddr("tcp", address)
	}
	return ToThread(co, func() (*net.TCPAddr, error) { return net.ResolveTCPAddr("tcp", address) })
}

func tcpAddr(a unix.Sockaddr) net.Addr {
	switch a := a.(type) {
	case *unix.SockaddrInet4:
		return &net.TCPAddr{IP: a.Addr[:], Port: a.Port}
	case *unix.SockaddrInet6:
		return &net.TCPAddr{IP: a.Addr[:], Port: a.Port}
	}
	return nil
}
