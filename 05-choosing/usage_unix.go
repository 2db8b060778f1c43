//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// peakMemory returns the most memory that this process has had, in bytes.
func peakMemory() int {
	// On Linux, getrusage counts what the process had before it became this
	// program: the memory of the program that started it.
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		for line := range strings.Lines(string(status)) {
			var kib int
			if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &kib); n == 1 {
				return kib << 10
			}
		}
	}
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return maxRSS(&u)
}

func maxRSS(u *syscall.Rusage) int {
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return int(u.Maxrss) // in bytes, there alone
	}
	return int(u.Maxrss) << 10
}

// onTerminal reports whether standard input is a terminal, which tells all
// that runs there of Ctrl-C.
func onTerminal() bool {
	_, err := unix.IoctlGetWinsize(int(os.Stdin.Fd()), unix.TIOCGWINSZ)
	return err == nil
}

// ownGroup makes the command lead a process group, for signalAll to reach all
// that it starts; but on a terminal, which lets only one group read.
func ownGroup(cmd *exec.Cmd) {
	if !onTerminal() {
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	}
}

// signalAll signals the command, and what it has started if it leads a group.
func signalAll(cmd *exec.Cmd, s os.Signal) error {
	number, ok := s.(syscall.Signal)
	if !ok || cmd.SysProcAttr == nil {
		return cmd.Process.Signal(s)
	}
	return syscall.Kill(-cmd.Process.Pid, number)
}

// peakMemoryOf returns the most memory that a process had that has ended, or one
// of its children, and false where the system does not tell.
func peakMemoryOf(state *os.ProcessState) (int, bool) {
	u, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, false
	}
	return maxRSS(u), true
}
