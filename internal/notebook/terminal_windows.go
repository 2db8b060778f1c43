package notebook

import (
	"os"

	"golang.org/x/sys/windows"
)

// readerGone lists the errors of a write whose reader has gone.
var readerGone = []error{windows.ERROR_BROKEN_PIPE, windows.ERROR_NO_DATA}

// terminalWidth returns the columns of the terminal that the file is, or 0 where
// it is none.
func terminalWidth(f *os.File) int {
	var info windows.ConsoleScreenBufferInfo
	if err := windows.GetConsoleScreenBufferInfo(windows.Handle(f.Fd()), &info); err != nil {
		return 0
	}
	return int(info.Window.Right-info.Window.Left) + 1
}
