//go:build unix

package measure

import (
	"time"

	"golang.org/x/sys/unix"
)

// CPUTime returns the CPU time, user and system, that this process has used
// in all its threads: getrusage(RUSAGE_SELF).
func CPUTime() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		panic("getrusage: " + err.Error()) // it fails only on arguments that are wrong
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
