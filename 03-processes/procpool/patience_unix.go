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

// patience is how long a reader looks again before it sleeps. To be woken takes
// it about as long, and longer than a small task: so a call takes half the time.
const patience = 50 * time.Microsecond

// A patientReader reads a pipe. It expects an answer soon if the last one came
// soon.
type patientReader struct {
	pipe syscall.RawConn
	soon bool
}

func patient(pipe *os.File) (io.Reader, error) {
	conn, err := pipe.SyscallConn()
	return &patientReader{pipe: conn}, err
}

func (p *patientReader) Read(b []byte) (n int, err error) {
	begun := time.Now()
	closed := p.pipe.Read(func(fd uintptr) (done bool) {
		for again := true; again; again = p.soon && time.Since(begun) < patience {
			n, err = syscall.Read(int(fd), b)
			if err != syscall.EAGAIN && err != syscall.EINTR {
				return true
			}
		}
		return false // sleep, and be called again
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

// standardInput returns standard input for a goroutine that must not hold the
// only CPU that a task has while it waits.
func standardInput() (io.Reader, error) {
	if err := syscall.SetNonblock(syscall.Stdin, true); err != nil {
		return nil, err
	}
	return patient(os.NewFile(uintptr(syscall.Stdin), "calls"))
}

// widen gives a pipe room for 1 MiB where Linux gave it room for 64 KiB, if the
// user may have so much.
func widen(pipe *os.File) {
	const setPipeSize = 1031 // F_SETPIPE_SZ
	if conn, err := pipe.SyscallConn(); err == nil && runtime.GOOS == "linux" {
		_ = conn.Control(func(fd uintptr) { _, _ = unix.FcntlInt(fd, setPipeSize, 1<<20) })
	}
}
