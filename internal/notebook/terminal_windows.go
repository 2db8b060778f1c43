package notebook

import (
	"os"

	"golang.org/x/sys/windows"
)

// readerGone lists the errors of a write whose reader has gone.
var readerGone = []error{windows.ERROR_BROKEN_PIPE, windows.ERROR_NO_DATA}

// terminalWidth returns the columns of the terminal on stdout, or 0 where
// stdout is no terminal.
func terminalWidth() int {
	var info windows.ConsoleScreenBufferInfo
	if err := windows.GetConsoleScreenBufferInfo(windows.Handle(os.Stdout.Fd()), &info); err != nil {
		return 0
	}
	return int(info.Window.Right-info.Window.Left) + 1
}
