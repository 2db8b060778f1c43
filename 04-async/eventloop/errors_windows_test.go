package eventloop

import "golang.org/x/sys/windows"

// Windows' sockets have error numbers of their own, which aren't those that
// package syscall has under the Unix names.
const (
	errReset   = windows.WSAECONNRESET
	errRefused = windows.WSAECONNREFUSED
)

// errsGone are what a write to a peer that has gone may return.
var errsGone = []error{windows.WSAECONNRESET, windows.WSAECONNABORTED, windows.WSAESHUTDOWN}
