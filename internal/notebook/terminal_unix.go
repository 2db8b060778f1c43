//go:build unix

package notebook

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// readerGone lists the errors of a write whose reader has gone.
var readerGone = []error{syscall.EPIPE}

// terminalWidth returns the columns of the terminal on stdout, or 0 where
// stdout is no terminal.
func terminalWidth() int {
	size, err := unix.IoctlGetWinsize(int(os.Stdout.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0
	}
	return int(size.Col)
}
