//go:build unix

package measure

import "syscall"

// OpenFiles returns how many files and sockets this process may have open at
// the same time. (Go raises its own limit as far as it may when it starts.)
func OpenFiles() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 256 // the lowest that a system has by default
	}
	return int(min(uint64(limit.Cur), 1<<20))
}
