package measure

import (
	"time"

	"golang.org/x/sys/windows"
)

// CPUTime returns the CPU time, user and system, that this process has used
// in all its threads: GetProcessTimes.
func CPUTime() time.Duration {
	var created, exited, kernel, user windows.Filetime
	if err := windows.GetProcessTimes(windows.CurrentProcess(), &created, &exited, &kernel, &user); err != nil {
		panic("GetProcessTimes: " + err.Error()) // it fails only on arguments that are wrong
	}
	ticks := func(t windows.Filetime) int64 { return int64(t.HighDateTime)<<32 | int64(t.LowDateTime) }
	return time.Duration(ticks(kernel)+ticks(user)) * 100 // a tick is 100 ns
}
