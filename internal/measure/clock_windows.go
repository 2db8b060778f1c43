package measure

import (
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	kernel32                  = windows.NewLazySystemDLL("kernel32.dll")
	queryPerformanceCounter   = kernel32.NewProc("QueryPerformanceCounter")
	queryPerformanceFrequency = kernel32.NewProc("QueryPerformanceFrequency")

	frequency = query(queryPerformanceFrequency) // counts in a second
)

// WallTime returns the time that has passed since some moment: only the
// difference of two means something. In virtual time it is virtual too.
//
// Measure with it, not with time.Now: on Windows, Go's clock is the system's
// interrupt time, which moves in ticks of up to 16 ms, and what is shorter than
// a tick seems to take no time. This is QueryPerformanceCounter, as in Go's own
// benchmarks and in Python's time.perf_counter.
func WallTime() time.Duration {
	// Virtual time begins in 2000, and nothing else tells it from real time.
	if now := time.Now(); now.Year() < 2020 {
		return time.Duration(now.UnixNano())
	}
	// In two parts, since n times 1e9 is soon too much for an int64.
	n := query(queryPerformanceCounter)
	return time.Duration(n/frequency)*time.Second + time.Duration(n%frequency)*time.Second/time.Duration(frequency)
}

// query calls a function that writes one number.
func query(f *windows.LazyProc) (n int64) {
	if ok, _, err := syscall.SyscallN(f.Addr(), uintptr(unsafe.Pointer(&n))); ok == 0 {
		panic(f.Name + ": " + err.Error()) // it fails only before Windows XP
	}
	return n
}
