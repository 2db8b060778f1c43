//go:build unix

package procpool

import (
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// takeStreams moves standard input and output aside.
func takeStreams() (in, out *os.File, err error) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, nil, err
	}
	defer null.Close()
	calls, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 3)
	if err == nil {
		err = unix.Dup2(int(null.Fd()), 0)
	}
	if err == nil {
		err = unix.SetNonblock(calls, true)
	}
	answers, err := unix.FcntlInt(1, unix.F_DUPFD_CLOEXEC, 3)
	if err == nil {
		err = unix.Dup2(2, 1)
	}
	return os.NewFile(uintptr(calls), "calls"), os.NewFile(uintptr(answers), "answers"), err
}

func widen(f *os.File) {
	if runtime.GOOS != "linux" {
		return
	}
	if c, err := f.SyscallConn(); err == nil {
		c.Control(func(fd uintptr) { unix.FcntlInt(fd, 1031, 1<<20) })
	}
}
