//go:build unix

package procpool

import (
	"io"
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// patience is how long a reader looks again before it sleeps. Sleeping and being
// woken takes about as long: so looking is never much dearer, and where the
// answer comes soon, it comes in less than half the time.
const patience = 50 * time.Microsecond

// A patientReader reads a pipe, and expects something soon if the last time it
// came soon. Go's poller does not know the pipe: it would wake a thread for all
// that comes, though somebody is looking.
type patientReader struct {
	pipe *os.File
	soon bool
}

// patient makes a reader of a pipe, and closes the pipe.
func patient(pipe *os.File) (io.ReadCloser, error) {
	defer pipe.Close()
	fd, err := unix.FcntlInt(pipe.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	_ = unix.SetNonblock(fd, false) // for NewFile to keep it from the poller
	p := &patientReader{pipe: os.NewFile(uintptr(fd), pipe.Name())}
	return p, unix.SetNonblock(fd, true)
}

func (p *patientReader) Close() error { return p.pipe.Close() }

func (p *patientReader) Read(b []byte) (n int, err error) {
	conn, err := p.pipe.SyscallConn()
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	closed := conn.Read(func(fd uintptr) bool {
		for again := true; again; again = p.soon && time.Since(begun) < patience {
			if n, err = syscall.Read(int(fd), b); err != syscall.EAGAIN && err != syscall.EINTR {
				return true
			}
		}
		n, err = readLater(fd, b)
		return true
	})
	p.soon = time.Since(begun) < 2*patience
	switch {
	case closed != nil:
		return 0, closed
	case n == 0 && err == nil:
		return 0, io.EOF
	}
	return max(n, 0), err
}

// readLater reads a pipe when there is something to read, and holds no thread
// until then: it lets Go's poller wait for a copy of the descriptor, and closes
// the copy. The poller must not know the pipe itself, since it would wake a thread
// for whatever comes, until the pipe is closed. If there is no descriptor left for
// a copy, it does hold a thread.
func readLater(pipe uintptr, b []byte) (int, error) {
	fd, err := unix.FcntlInt(pipe, unix.F_DUPFD_CLOEXEC, 0)
	for err != nil {
		_, _ = unix.Poll([]unix.PollFd{{Fd: int32(pipe), Events: unix.POLLIN}}, -1)
		if n, err := syscall.Read(int(pipe), b); err != unix.EAGAIN && err != unix.EINTR {
			return n, err
		}
	}
	polled := os.NewFile(uintptr(fd), "pipe")
	defer polled.Close()
	return polled.Read(b)
}

// widen gives a pipe room for 1 MiB where Linux gave it room for 64 KiB. For
// all pipes of a user who is not root there are 64 MiB, unless the system is set
// otherwise: beyond 32 workers, pipes stay small.
func widen(pipe *os.File) {
	const setPipeSize = 1031 // F_SETPIPE_SZ
	if conn, err := pipe.SyscallConn(); err == nil && runtime.GOOS == "linux" {
		_ = conn.Control(func(fd uintptr) { _, _ = unix.FcntlInt(fd, setPipeSize, 1<<20) })
	}
}
