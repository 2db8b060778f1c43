//go:build unix

package procpool

import (
	"io"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// procs is how many of its CPUs a worker uses: none to wait for a call.
const procs = 1

// aside moves a standard stream to a descriptor of its own and puts another in
// its place, for all who use it, be they written in C. A goroutine that waits
// for the input must not hold a CPU, so it does not block.
func aside(std, instead *os.File) (*os.File, error) {
	fd, err := unix.FcntlInt(std.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	if err == nil {
		err = unix.Dup2(int(instead.Fd()), int(std.Fd()))
	}
	if err == nil && std == os.Stdin {
		err = unix.SetNonblock(fd, true)
	}
	return os.NewFile(uintptr(fd), std.Name()), err
}

// widen gives a pipe room for 1 MiB where Linux gave it room for 64 KiB.
func widen(pipe io.Closer) {
	const setPipeSize = 1031 // F_SETPIPE_SZ
	if c, err := pipe.(*os.File).SyscallConn(); err == nil && runtime.GOOS == "linux" {
		c.Control(func(fd uintptr) { unix.FcntlInt(fd, setPipeSize, 1<<20) })
	}
}
