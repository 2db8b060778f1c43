//go:build unix

package notebook

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// readerGone lists the errors of a write whose reader has gone.
var readerGone = []error{syscall.EPIPE}

// terminalWidth returns the columns of the terminal that the file is, or 0 where
// it is none.
func terminalWidth(f *os.File) int {
	size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0
	}
	return int(size.Col)
}
