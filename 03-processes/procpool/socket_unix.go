//go:build unix

package procpool

import (
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// connect makes one end of a socket the standard input and output of a process,
// and returns the other. Python's Pipe is such a socket too; a large value goes
// through it in fewer pieces than through a pipe of the system.
func connect(process *exec.Cmd) (io.ReadWriteCloser, error) {
	syscall.ForkLock.RLock() // no process that starts meanwhile inherits the ends
	ends, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(ends[0])
		syscall.CloseOnExec(ends[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, err
	}
	for _, end := range ends { // as much room as the system gives; more is faster
		_ = syscall.SetsockoptInt(end, syscall.SOL_SOCKET, syscall.SO_SNDBUF, trusted)
	}
	theirs := os.NewFile(uintptr(ends[1]), "pool")
	process.Stdin, process.Stdout = theirs, theirs
	return &socket{File: os.NewFile(uintptr(ends[0]), "worker")}, nil
}

// patience is how long a read looks again before it sleeps. To be woken takes
// about as long, and longer than a small task: so a call takes half the time.
const patience = 50 * time.Microsecond

// A socket expects an answer soon if the last one came soon.
type socket struct {
	*os.File
	parks bool // the goroutine that waits holds no thread
	soon  bool
}

// standard returns standard input and output as what they are in a worker. A
// goroutine that waits for a call must not hold the only CPU that a task has.
func standard() (io.ReadWriter, error) {
	err := syscall.SetNonblock(syscall.Stdin, true)
	return &socket{File: os.NewFile(uintptr(syscall.Stdin), "pool"), parks: true}, err
}

func (s *socket) Read(b []byte) (n int, err error) {
	conn, err := s.SyscallConn()
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	closed := conn.Read(func(fd uintptr) bool {
		for again := true; again; again = s.soon && time.Since(begun) < patience {
			n, _, err = syscall.Recvfrom(int(fd), b, syscall.MSG_DONTWAIT)
			if err != syscall.EAGAIN && err != syscall.EINTR {
				return true
			}
		}
		if !s.parks {
			n, err = syscall.Read(int(fd), b)
		}
		return !s.parks
	})
	s.soon = time.Since(begun) < 2*patience
	if closed != nil {
		err = closed
	}
	if n == 0 && err == nil {
		err = io.EOF
	}
	return max(n, 0), err
}
