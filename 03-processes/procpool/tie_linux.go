package procpool

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// itself is the file that runs, wherever it is now.
const itself = "/proc/self/exe"

// lifeline stays open as long as the worker lives.
//
//lint:ignore U1000 it is here so that the file is not collected, and closed
var lifeline *os.File

// holdOn has the system kill this worker's process group when the lifeline ends.
// So the pool's end reaches a worker that is stopped, or in a loop that Go
// cannot interrupt.
func holdOn(pipe *os.File) error {
	lifeline = pipe
	_ = os.WriteFile("/proc/self/comm", []byte(filepath.Base(os.Args[0])), 0) // or it would be listed as "exe"
	fd := pipe.Fd()
	for _, set := range []struct{ what, to int }{
		{unix.F_SETOWN, -unix.Getpgrp()},
		{unix.F_SETSIG, int(unix.SIGKILL)},
		{unix.F_SETFL, unix.O_ASYNC},
	} {
		if _, err := unix.FcntlInt(fd, set.what, set.to); err != nil {
			return err
		}
	}
	poll := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	if n, err := unix.Poll(poll, 0); err == nil && n > 0 {
		endFamily() // it ended before
	}
	return nil
}

// sharedFile returns a file in memory, without a name.
func sharedFile() (*os.File, error) {
	fd, err := unix.MemfdCreate("procpool", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("memfd_create", err)
	}
	return os.NewFile(uintptr(fd), "memfd"), nil
}
