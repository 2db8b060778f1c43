package main

import (
	"net"
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// environment is that in which this program was started: it says what to be.
var environment = os.Environ()

// pin makes the whole program run on one CPU, the first or the last of those
// that it may use. A thread's CPUs are inherited by the threads that it starts
// and by the program that it becomes, so it pins itself and starts anew.
func pin(which string) {
	var usable, one unix.CPUSet
	if unix.SchedGetaffinity(0, &usable) != nil || usable.Count() == 1 {
		return
	}
	for cpu := range len(usable) * 64 {
		if usable.IsSet(cpu) && (which == "last" || one.Count() == 0) {
			one.Zero()
			one.Set(cpu)
		}
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	self, err := os.Executable()
	if err != nil || unix.SchedSetaffinity(0, &one) != nil || unix.SchedGetaffinity(0, &usable) != nil || usable != one {
		return
	}
	syscall.Exec(self, os.Args, environment) // and if it fails, this goes on where it is
}

// userTime returns the CPU time that this program has spent itself, without what
// the system has for it.
func userTime() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano())
}

// blockingEcho echoes on a thread that it keeps: the descriptor blocks, so the
// runtime's poller has no part in it.
func blockingEcho(guest *net.TCPConn) {
	runtime.LockOSThread()
	file, err := guest.File()
	guest.Close()
	if err != nil {
		return
	}
	defer file.Close()
	fd := int(file.Fd())
	if unix.SetNonblock(fd, false) != nil {
		return
	}
	message := make([]byte, 512)
	for {
		n, err := unix.Read(fd, message)
		if err == unix.EINTR {
			continue
		}
		if err != nil || n == 0 {
			return
		}
		if _, err := unix.Write(fd, message[:n]); err != nil {
			return
		}
	}
}

// bareEpoll is an echo server that does nothing but wait, read and write, while
// answer runs.
func bareEpoll(answer func(net.Addr) error) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() {
		answer(l.Addr())
		os.Exit(0)
	}()
	file, err := l.(*net.TCPListener).File()
	if err != nil {
		return err
	}
	listener := int(file.Fd())
	poll, err := unix.EpollCreate1(0)
	if err != nil {
		return err
	}
	add := func(fd int) error {
		unix.SetNonblock(fd, true)
		return unix.EpollCtl(poll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
	}
	if err := add(listener); err != nil {
		return err
	}
	events, buffer := make([]unix.EpollEvent, 256), make([]byte, 512)
	for {
		ready, err := unix.EpollWait(poll, events, -1)
		if err != nil && err != unix.EINTR {
			return err
		}
		for _, e := range events[:max(ready, 0)] {
			fd := int(e.Fd)
			if fd == listener {
				if c, _, err := unix.Accept(listener); err == nil {
					unix.SetsockoptInt(c, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
					add(c)
				}
				continue
			}
			n, _ := unix.Read(fd, buffer)
			if n <= 0 {
				unix.Close(fd)
				continue
			}
			unix.Write(fd, buffer[:n])
		}
	}
}
