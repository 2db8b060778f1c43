package eventloop

import (
	"cmp"
	"math"
	"net"
	"os"
	"strconv"
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
	sockets map[int]*socket
	events  []unix.EpollEvent
}

// A socket is a descriptor that does not block, and the coroutines that wait for it.
type socket struct {
	poller        *epoll
	fd            int
	reading       side
	writing       side
	closed        bool
	more          bool // a short read does not mean that nothing is left to read
	local, remote net.Addr
}

// A side is one direction of a socket.
type side struct {
	ready bool
	co    *Coroutine // that waits
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
	p := &epoll{loop: l, fd: fd, event: event, sockets: make(map[int]*socket), events: make([]unix.EpollEvent, 256)}
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
		if s := p.sockets[int(e.Fd)]; s != nil {
			s.changed(e.Events)
		}
	}
	return nil
}

// changed takes note of what has become possible, and wakes what waits for it.
func (s *socket) changed(events uint32) {
	const broken = unix.EPOLLHUP | unix.EPOLLERR
	if events&(unix.EPOLLRDHUP|unix.EPOLLPRI|broken) != 0 {
		// The other side has closed, and there will be no more edges; or it has sent
		// urgent data, at which a read stops.
		s.more = true
	}
	if events&(unix.EPOLLIN|unix.EPOLLRDHUP|broken) != 0 {
		s.reading.now()
	}
	if events&(unix.EPOLLOUT|broken) != 0 {
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

func (s *side) leave(*Coroutine, *cancellation) leaving {
	s.co = nil
	return gone
}

// until pauses the coroutine until the side is ready.
func (s *socket) until(co *Coroutine, side *side) error {
	for !side.ready && !s.closed {
		if side.co != nil {
			return errBusy
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
	s := &socket{poller: p, fd: fd, reading: side{ready: true}, writing: side{ready: true}}
	err := unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{
		Events: unix.EPOLLIN | unix.EPOLLPRI | unix.EPOLLOUT | unix.EPOLLRDHUP | unix.EPOLLET, Fd: int32(fd),
	})
	if err != nil {
		unix.Close(fd)
		return nil, os.NewSyscallError("epoll_ctl", err)
	}
	p.sockets[fd] = s
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
	s.address() // as long as it has one
	s.closed = true
	delete(s.poller.sockets, s.fd)
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
		if n < len(p) && !s.more {
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
			return c, nil // with the listener's options
		case unix.EAGAIN:
			s.reading.ready = false
		case unix.EINTR, unix.ECONNABORTED:
		default:
			return nil, os.NewSyscallError("accept4", err)
		}
	}
}

// listen keeps a duplicate of the descriptor, which package net does not poll.
func (p *epoll) listen(l *net.TCPListener) (listener, error) {
	defer l.Close()
	raw, err := l.SyscallConn()
	if err != nil {
		return nil, err
	}
	var s *socket
	control := raw.Control(func(fd uintptr) {
		var copied int
		if copied, err = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0); err != nil {
			err = os.NewSyscallError("fcntl", err)
		} else if s, err = p.add(copied); err == nil {
			s.local = l.Addr()
			if err = setOptions(copied); err != nil {
				s.close()
			}
		}
	})
	if err = cmp.Or(control, err); err != nil {
		return nil, err
	}
	return s, nil
}

func (p *epoll) dial(co *Coroutine, to *net.TCPAddr) (conn, error) {
	family, sockaddr := sockaddrOf(to)
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
	s.remote = to
	if err := s.connected(co); err != nil {
		s.close()
		return nil, err
	}
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
	return setOptions(s.fd)
}

// setOptions does what package net does with every connection. What a listener
// has, its connections have as well.
func setOptions(fd int) error {
	const idle, count = 15, 9 // seconds, and how often to ask
	for _, o := range [][3]int{
		{unix.IPPROTO_TCP, unix.TCP_NODELAY, 1},
		{unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1},
		{unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, idle},
		{unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, idle},
		{unix.IPPROTO_TCP, unix.TCP_KEEPCNT, count},
	} {
		if err := unix.SetsockoptInt(fd, o[0], o[1], o[2]); err != nil {
			return os.NewSyscallError("setsockopt", err)
		}
	}
	return nil
}

func sockaddrOf(a *net.TCPAddr) (family int, sockaddr unix.Sockaddr) {
	if ip := a.IP.To4(); ip != nil {
		return unix.AF_INET, &unix.SockaddrInet4{Port: a.Port, Addr: [4]byte(ip)}
	}
	zone := 0
	if a.Zone != "" {
		zone, _ = strconv.Atoi(a.Zone)
		if i, err := net.InterfaceByName(a.Zone); err == nil {
			zone = i.Index
		}
	}
	return unix.AF_INET6, &unix.SockaddrInet6{Port: a.Port, Addr: [16]byte(a.IP), ZoneId: uint32(zone)}
}

func tcpAddr(a unix.Sockaddr) net.Addr {
	switch a := a.(type) {
	case *unix.SockaddrInet4:
		return &net.TCPAddr{IP: a.Addr[:], Port: a.Port}
	case *unix.SockaddrInet6:
		zone := ""
		if a.ZoneId != 0 {
			zone = strconv.Itoa(int(a.ZoneId))
			if i, err := net.InterfaceByIndex(int(a.ZoneId)); err == nil {
				zone = i.Name
			}
		}
		return &net.TCPAddr{IP: a.Addr[:], Port: a.Port, Zone: zone}
	}
	return nil
}
