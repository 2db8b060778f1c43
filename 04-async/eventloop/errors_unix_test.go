//go:build unix

package eventloop

import "syscall"

const (
	errReset   = syscall.ECONNRESET
	errRefused = syscall.ECONNREFUSED
)

// errsGone are what a write to a peer that has gone may return; the last one on
// macOS, while the connection is taken down.
var errsGone = []error{syscall.EPIPE, syscall.ECONNRESET, syscall.EPROTOTYPE}
